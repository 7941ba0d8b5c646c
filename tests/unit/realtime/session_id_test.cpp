#include "realtime/session_id.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace flowcast::realtime {
namespace {

TEST(session_id, tells_where_the_session_lives) {
  const session_id id = session_id::make(7, 123'456);
  const auto parsed = session_id::parse(id.text());
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, id);
  EXPECT_EQ(parsed->shard(), 7U);
  EXPECT_EQ(parsed->slot(), 123'456U);
}

TEST(session_id, is_never_the_same_twice) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i)
    seen.emplace(session_id::make(0, 0).text());
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(session_id, is_not_read_from_what_it_cannot_have_written) {
  const std::string good(session_id::make(0, 0).text());
  EXPECT_FALSE(session_id::parse(""));
  EXPECT_FALSE(session_id::parse("__proto__"));
  EXPECT_FALSE(session_id::parse(good.substr(1)));
  EXPECT_FALSE(session_id::parse(good + "A"));
  EXPECT_FALSE(session_id::parse(good.substr(1) + "."));
}

}  // namespace
}  // namespace flowcast::realtime
