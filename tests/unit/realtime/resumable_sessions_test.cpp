#include "realtime/resumable_sessions.hpp"

#include <chrono>
#include <set>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace flowcast::realtime {
namespace {

void come_and_go(resumable_sessions& known, const std::string& pid, std::string key = "a") {
  known.arrived(pid);
  known.subscribed(pid, {0, std::move(key)});
  known.left(pid);
}

TEST(resumable_sessions, remembers_keys_until_they_are_given_up) {
  resumable_sessions known({});
  known.arrived("pid");
  known.subscribed("pid", {0, "a"});
  known.subscribed("pid", {1, "b"});
  known.unsubscribed("pid", {0, "a"});
  known.left("pid");
  const auto memory = known.recall("pid");
  ASSERT_EQ(memory.subscriptions.size(), 1U);
  EXPECT_EQ(*memory.subscriptions.begin(), (resumable_sessions::subscription{1, "b"}));
}

TEST(resumable_sessions, takes_a_whole_service_for_all_its_keys_and_a_key_for_less) {
  resumable_sessions known({});
  known.arrived("pid");
  for (const auto& [service, key] : {std::pair{0U, "a"}, {1U, "a"}, {1U, "b"}, {2U, "a"}})
    known.subscribed("pid", {service, key});
  known.subscribed("pid", {1, std::string(resumable_sessions::whole)});
  using all = std::set<resumable_sessions::subscription>;
  EXPECT_EQ(known.recall("pid").subscriptions, (all{{0, "a"}, {1, ""}, {2, "a"}}));
  known.subscribed("pid", {1, "c"});
  EXPECT_EQ(known.recall("pid").subscriptions, (all{{0, "a"}, {1, "c"}, {2, "a"}}));
}

TEST(resumable_sessions, remembers_the_connection_that_came_back_last) {
  resumable_sessions known({});
  EXPECT_FALSE(known.recall("pid").last);
  known.came_back("pid", {nullptr, {1, 1}});
  known.came_back("pid", {nullptr, {2, 5}});
  ASSERT_TRUE(known.recall("pid").last);
  EXPECT_EQ(known.recall("pid").last->session.slot, 2U);
}

TEST(resumable_sessions, forgets_who_left_first_beyond_its_limit) {
  resumable_sessions known({.sessions = 2});
  come_and_go(known, "first");
  come_and_go(known, "second");
  come_and_go(known, "first", "b");
  come_and_go(known, "third");
  EXPECT_EQ(known.recall("first").subscriptions.size(), 2U);
  EXPECT_TRUE(known.recall("second").subscriptions.empty());
  EXPECT_FALSE(known.recall("third").subscriptions.empty());
}

TEST(resumable_sessions, takes_so_many_bytes_for_who_has_left_and_no_more) {
  resumable_sessions known({.bytes = 10'000});
  come_and_go(known, "first", std::string(4000, 'a'));
  come_and_go(known, "second", std::string(4000, 'a'));
  EXPECT_FALSE(known.recall("first").subscriptions.empty());
  come_and_go(known, "third", std::string(4000, 'a'));
  EXPECT_TRUE(known.recall("first").subscriptions.empty());
  EXPECT_FALSE(known.recall("third").subscriptions.empty());
  // What is given up, or comes back, counts no more.
  known.came_back("second", {});
  known.came_back("third", {});
  come_and_go(known, "fourth", std::string(8000, 'a'));
  EXPECT_FALSE(known.recall("fourth").subscriptions.empty());
  known.unsubscribed("second", {0, std::string(4000, 'a')});
  known.left("second");
  EXPECT_FALSE(known.recall("fourth").subscriptions.empty());
}

TEST(resumable_sessions, forgets_nothing_of_who_is_connected) {
  resumable_sessions known({.sessions = 0, .bytes = 0, .age = std::chrono::seconds(-1)});
  known.arrived("pid");
  known.subscribed("pid", {0, "a"});
  come_and_go(known, "another");
  known.subscribed("pid", {0, "b"});
  EXPECT_EQ(known.recall("pid").subscriptions.size(), 2U);
  // Nor where the connection before it ends only now.
  known.came_back("pid", {});
  known.left("pid");
  EXPECT_EQ(known.recall("pid").subscriptions.size(), 2U);
  known.left("pid");
  EXPECT_TRUE(known.recall("pid").subscriptions.empty());
}

}  // namespace
}  // namespace flowcast::realtime
