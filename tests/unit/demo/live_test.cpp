#include "app/live.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowcast::demo {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

class the_live_app : public testing::Test {
 protected:
  the_live_app() : runtime_(data_, json::object()), live_(data_, runtime_, settings_) {
    const auto found = ask("retrieve", {{"entity", "Live.Dashboard"}});
    dashboard_ = found.body.at("actionResult").at("ids").at(0);
    (void)live_.tick(now_, 0);
  }

  xas::answer ask(const std::string& action, const json& params,
                  const json& changes = json::object()) {
    return runtime_.handle(
        json{{"action", action}, {"params", params}, {"changes", changes}}.dump());
  }

  xas::answer run(const std::string& microflow, const json& changes = json::object()) {
    return ask("executeaction", {{"actionname", microflow}, {"guids", {dashboard_}}}, changes);
  }

  void set_rate(int rate) {
    ASSERT_FALSE(run("Live.ACT_Dashboard_SetRate", {{dashboard_, {{"Rate", rate}}}}).failed);
  }

  /// Lets time pass in steps, and answers what was published.
  std::vector<json> pass(std::chrono::milliseconds time, std::size_t waiting = 0) {
    std::vector<json> records;
    for (auto end = now_ + time; now_ < end;) {
      now_ += 50ms;
      for (const auto& call : live_.tick(now_, waiting)) {
        EXPECT_EQ(call.path, "/microflow");
        records.insert(records.end(), call.body.begin(), call.body.end());
      }
    }
    return records;
  }

  json dashboard(const std::string& attribute) {
    const auto got = ask("retrieve_by_ids", {{"ids", {dashboard_}}});
    return got.body.at("objects").at(0).at("attributes").at(attribute).at("value");
  }

  app_settings settings_;
  database data_;
  xas runtime_;
  live live_;
  live::clock::time_point now_ = live::clock::time_point{} + 1h;
  std::string dashboard_;
};

TEST_F(the_live_app, changes_nothing_while_nobody_looks) {
  EXPECT_THAT(pass(2s), IsEmpty());
  run("Live.ACT_Dashboard_Refresh");
  EXPECT_THAT(pass(1s), SizeIs(20));
  pass(59s);
  EXPECT_THAT(pass(2s), IsEmpty());
}

TEST_F(the_live_app, makes_as_many_changes_a_second_as_the_slider_says) {
  set_rate(1000);
  EXPECT_THAT(pass(1s), SizeIs(testing::AllOf(testing::Ge(999U), testing::Le(1001U))));
  set_rate(1);
  EXPECT_THAT(pass(3s), SizeIs(testing::AllOf(testing::Ge(2U), testing::Le(4U))));
  EXPECT_EQ(dashboard("ChangesPerSecond"), 1);
}

TEST_F(the_live_app, publishes_the_guids_of_the_machines_that_changed) {
  set_rate(1000);
  std::set<std::string> keys;
  for (const auto& record : pass(1s)) {
    keys.insert(record.at("text").get<std::string>());
  }
  EXPECT_THAT(keys, SizeIs(8));
  for (const auto& key : keys) {
    EXPECT_EQ(data_.find(*parse_guid(key))->type->name, "Live.Machine");
  }
}

TEST_F(the_live_app, waits_while_the_server_is_away_and_does_not_catch_up_in_a_burst) {
  set_rate(100);
  EXPECT_THAT(pass(10s, 20), IsEmpty());
  EXPECT_EQ(dashboard("Waiting"), true);
  EXPECT_THAT(pass(1s), SizeIs(testing::Le(125U)));
  EXPECT_EQ(dashboard("Waiting"), false);
}

TEST_F(the_live_app, refuses_a_rate_that_the_slider_does_not_have) {
  for (const int rate : {-1, 1001}) {
    EXPECT_TRUE(run("Live.ACT_Dashboard_SetRate", {{dashboard_, {{"Rate", rate}}}}).failed);
  }
  EXPECT_EQ(dashboard("Rate"), 20);
}

TEST_F(the_live_app, counts_the_refreshes_of_all_windows) {
  run("Live.ACT_Dashboard_Refresh");
  run("Live.ACT_Machine_Refresh");
  pass(1s);
  EXPECT_EQ(dashboard("Refreshes"), 2);
}

TEST_F(the_live_app, keeps_the_last_sixty_values_of_each_machine) {
  run("Live.ACT_Dashboard_Refresh");
  pass(45s);
  const auto machines = ask("retrieve", {{"entity", "Live.Machine"}});
  const auto trend =
      machines.body.at("objects").at(0).at("attributes").at("Trend").at("value").get<std::string>();
  EXPECT_EQ(std::count(trend.begin(), trend.end(), ','), 59) << trend;
}

}  // namespace
}  // namespace flowcast::demo
