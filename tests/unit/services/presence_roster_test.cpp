#include "services/presence_roster.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowcast::services {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

presence_roster::join as(std::string user, bool editing = false) {
  std::string name = user;
  name.front() = static_cast<char>(name.front() - 'a' + 'A');
  return {std::move(user), std::move(name), editing};
}

std::string state(std::size_t count, const std::string& names, const std::string& editing = "") {
  return R"({"key":"k","count":)" + std::to_string(count) + R"(,"names":[)" + names +
         R"(],"editing":[)" + editing + "]}";
}

// Who is present, with a clock of its own.
struct presence : testing::Test {
  void join(session_number session, presence_roster::join as_whom, const std::string& key = "k") {
    roster.set(session, key, std::move(as_whom), ++wall, now);
  }
  // What is announced until that time has passed.
  std::vector<std::string> wait(milliseconds time) {
    std::vector<std::string> told;
    const auto end = now + time;
    const auto tell = [&told](const std::string&, std::string json) {
      told.push_back(std::move(json));
    };
    roster.advance(now, tell);
    while (roster.next_due() && *roster.next_due() <= end) {
      now = std::max(now, *roster.next_due());
      roster.advance(now, tell);
    }
    now = end;
    return told;
  }

  presence_options options;
  presence_roster roster{"here", options};
  presence_roster::time now;
  std::int64_t wall = 1'790'000'000'000;
};

TEST_F(presence, counts_a_user_once_whatever_the_number_of_tabs) {
  join(1, as("anna"));
  join(1, as("anna"));
  join(2, as("anna", true));
  join(3, as("ben"));
  EXPECT_THAT(wait(milliseconds(0)), ElementsAre(state(2, R"("Anna","Ben")", R"("Anna")")));
  EXPECT_EQ(roster.joins(), 3U);
  EXPECT_TRUE(roster.leave(2, "k", now));
  EXPECT_FALSE(roster.leave(2, "k", now));
  EXPECT_THAT(wait(options.interval), ElementsAre(state(2, R"("Anna","Ben")")));
  roster.leave(1, "k", now);
  EXPECT_THAT(wait(options.interval), ElementsAre(state(1, R"("Ben")")));
}

TEST_F(presence, is_one_join_a_session_and_key) {
  join(1, as("anna"));
  join(1, as("ben"));
  join(1, as("anna"), "other");
  EXPECT_EQ(roster.state_of("k"), state(1, R"("Ben")"));
  EXPECT_EQ(roster.joins_of(1), 2U);
  EXPECT_THAT(roster.keys(), ElementsAre("k", "other"));
}

TEST_F(presence, outlasts_a_reload_of_the_page) {
  join(1, as("anna"));
  wait(milliseconds(1000));
  roster.end(1, now);
  EXPECT_THAT(wait(options.grace - milliseconds(1)), IsEmpty());
  join(2, as("anna"));
  EXPECT_THAT(wait(options.grace), IsEmpty());
  EXPECT_EQ(roster.joins(), 1U);
  roster.end(2, now);
  EXPECT_THAT(wait(options.grace), ElementsAre(state(0, "")));
  EXPECT_EQ(roster.joins(), 0U);
}

TEST_F(presence, is_announced_at_once_and_then_no_sooner_than_the_interval) {
  join(1, as("anna"));
  EXPECT_THAT(wait(milliseconds(10)), SizeIs(1));
  join(2, as("ben"));
  join(3, as("chris"));
  EXPECT_THAT(wait(options.interval - milliseconds(11)), IsEmpty());
  EXPECT_THAT(wait(milliseconds(1)), ElementsAre(state(3, R"("Anna","Ben","Chris")")));
  // What came and went in between shows nothing.
  join(4, as("dora"));
  roster.leave(4, "k", now);
  EXPECT_THAT(wait(options.interval), IsEmpty());
}

TEST_F(presence, of_a_thousand_is_told_in_few_words) {
  std::vector<std::string> told;
  for (session_number session = 1; session <= 1000; ++session) {
    join(session, as("user" + std::to_string(session), session % 2 == 0));
    const auto now_told = wait(milliseconds(1));
    told.insert(told.end(), now_told.begin(), now_told.end());
  }
  const auto rest = wait(options.interval);
  told.insert(told.end(), rest.begin(), rest.end());
  EXPECT_LE(told.size(), static_cast<std::size_t>(1000 / options.interval.count() + 2));
  for (const std::string& each : told) {
    EXPECT_LE(each.size(), 300U);
  }
  EXPECT_THAT(told.back(), testing::HasSubstr(R"("count":1000,"names":["User1","User2",)"));
}

TEST_F(presence, leaves_nothing_behind) {
  join(1, as("anna"));
  wait(options.interval);
  roster.leave(1, "k", now);
  wait(options.interval * 2);
  EXPECT_EQ(roster.next_due(), std::nullopt);
  EXPECT_THAT(roster.keys(), IsEmpty());
  // Neither does who left before anybody was told.
  join(1, as("anna"));
  roster.leave(1, "k", now);
  EXPECT_THAT(wait(options.interval), IsEmpty());
  EXPECT_EQ(roster.next_due(), std::nullopt);
}

TEST_F(presence, of_one_user_on_two_nodes_counts_once) {
  join(1, as("anna"));
  roster.set_remote("there", {"k", "anna", attendee{"Anna", 1, true}}, now);
  roster.set_remote("there", {"k", "ben", attendee{"Ben", 2, false}}, now);
  EXPECT_THAT(wait(options.interval), ElementsAre(state(2, R"("Anna","Ben")", R"("Anna")")));
  roster.leave(1, "k", now);
  EXPECT_THAT(wait(options.interval), IsEmpty());
  roster.set_remote("there", {"k", "ben", std::nullopt}, now);
  EXPECT_THAT(wait(options.interval), ElementsAre(state(1, R"("Anna")", R"("Anna")")));
  roster.drop_remote("there", now);
  EXPECT_THAT(wait(options.interval), ElementsAre(state(0, "")));
}

}  // namespace
}  // namespace flowcast::services
