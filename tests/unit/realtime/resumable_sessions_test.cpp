#include "realtime/resumable_sessions.hpp"

#include <gtest/gtest.h>

namespace flowcast::realtime {
namespace {

TEST(resumable_sessions, remembers_keys_until_they_are_given_up) {
  resumable_sessions known({});
  known.subscribed("pid", {0, "a"});
  known.subscribed("pid", {1, "b"});
  known.unsubscribed("pid", {0, "a"});
  const auto memory = known.recall("pid");
  ASSERT_EQ(memory.subscriptions.size(), 1U);
  EXPECT_EQ(memory.subscriptions.front(), (resumable_sessions::subscription{1, "b"}));
}

TEST(resumable_sessions, remembers_the_connection_that_came_back_last) {
  resumable_sessions known({});
  EXPECT_FALSE(known.recall("pid").last);
  known.came_back("pid", {nullptr, {1, 1}});
  known.came_back("pid", {nullptr, {2, 5}});
  ASSERT_TRUE(known.recall("pid").last);
  EXPECT_EQ(known.recall("pid").last->session.slot, 2U);
}

TEST(resumable_sessions, forgets_the_least_recent_beyond_its_limit) {
  resumable_sessions known({.sessions = 2, .age = std::chrono::seconds(600)});
  known.subscribed("first", {0, "a"});
  known.subscribed("second", {0, "a"});
  known.came_back("first", {});
  known.subscribed("third", {0, "a"});
  EXPECT_FALSE(known.recall("first").subscriptions.empty());
  EXPECT_TRUE(known.recall("second").subscriptions.empty());
  EXPECT_FALSE(known.recall("third").subscriptions.empty());
}

}  // namespace
}  // namespace flowcast::realtime
