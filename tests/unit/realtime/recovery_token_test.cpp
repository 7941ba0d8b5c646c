#include "realtime/recovery_token.hpp"

#include <string>

#include <gtest/gtest.h>

namespace flowcast::realtime {
namespace {

TEST(recovery_token, carries_what_recovery_needs) {
  const session_id session = session_id::make(1, 2);
  const records::offset joined{0xabcdef, 42};
  const recovery_token given = recovery_token::make(session, joined);
  const auto read = recovery_token::parse(given.text());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->sid, given.sid);
  EXPECT_EQ(read->session, session);
  EXPECT_EQ(read->joined, joined);
}

TEST(recovery_token, is_not_read_from_anything_else) {
  const std::string good = recovery_token::make(session_id::make(0, 0), {1, 2}).text();
  for (const std::string& bad : {std::string(), std::string("nope"), good + " ", good.substr(1),
                                 good.substr(0, 42), std::string(good).replace(20, 1, "-")}) {
    EXPECT_FALSE(recovery_token::parse(bad)) << bad;
  }
}

}  // namespace
}  // namespace flowcast::realtime
