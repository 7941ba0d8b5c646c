#include "core/triggers.hpp"

#include "unit/core/hub_on_page.hpp"

namespace flowcast::core {
namespace {

class triggers_on_page : public hub_on_page {
 public:
  void SetUp() override {
    who = listen("1 2 3");
    join();
  }
  listener_id who = 0;
};

TEST_F(triggers_on_page, runs_at_once_with_the_event) {
  const action_id action = act(who);
  receive(R"(42["microflow created",{"text":"2","n":[1]},"e-11"])");
  ASSERT_EQ(page.runs.size(), 1U);
  EXPECT_EQ(page.runs[0].action, action);
  EXPECT_EQ(page.runs[0].name, "created");
  EXPECT_EQ(page.runs[0].key, "2");
  EXPECT_EQ(page.runs[0].payload, R"({"text":"2","n":[1]})");
  EXPECT_EQ(page.runs[0].offset, "e-11");
  EXPECT_FALSE(page.runs[0].missed);
}

TEST_F(triggers_on_page, runs_with_one_field_of_the_record_where_that_is_its_payload) {
  hub.add_action(who, std::string("n\0", 2), {});
  const auto payload_of = [&](std::string_view members) {
    receive(R"(42["microflow created",{"text":"1",)" + std::string(members) + R"(},"e-11"])");
    finish(page.runs.size() - 1);
    return page.runs.back().payload;
  };
  EXPECT_EQ(payload_of(R"("n":"say \"hi\"\u00e9")"), "say \"hi\"é");
  EXPECT_EQ(payload_of(R"("n":9007199254740993)"), "9007199254740993");
  EXPECT_EQ(payload_of(R"("x":{"n":1},"n": {"b":[1,{"c":2}]})"), R"({"b":[1,{"c":2}]})");
  EXPECT_EQ(payload_of(R"("n":null)"), "");
  EXPECT_EQ(payload_of(R"("label":"n")"), "");
  EXPECT_EQ(payload_of(R"("\u006e":true)"), "true");
}

TEST_F(triggers_on_page, does_not_run_for_another_key_event_or_service) {
  act(who);
  change("4");
  receive(R"(42["microflow removed",{"text":"1"},"e-12"])");
  receive(R"(42["chat created",{"text":"1"},"e-13"])");
  receive(R"(42["created",{"text":"1"},"e-14"])");
  EXPECT_TRUE(page.runs.empty());
}

TEST_F(triggers_on_page, runs_for_any_event_when_none_is_named) {
  act(who, {}, "");
  receive(R"(42["microflow locked by someone",{"text":"1"},"e-12"])");
  EXPECT_TRUE(page.runs.empty()) << "the service is all before the last space";
  receive(R"(42["microflow locked",{"text":"1"},"e-12"])");
  ASSERT_EQ(page.runs.size(), 1U);
  EXPECT_EQ(page.runs[0].name, "locked");
}

TEST_F(triggers_on_page, a_burst_runs_now_once_and_after_once_with_the_latest_event) {
  act(who);
  for (const char* offset : {"e-11", "e-12", "e-13", "e-14"}) {
    change("1", offset);
  }
  ASSERT_EQ(page.runs.size(), 1U) << "never in parallel with itself";
  finish(0);
  ASSERT_EQ(page.runs.size(), 2U) << "never dropped";
  EXPECT_EQ(page.runs[1].offset, "e-14");
  finish(1);
  EXPECT_EQ(page.runs.size(), 2U) << "never piled up";
}

TEST_F(triggers_on_page, runs_again_after_it_has_come_to_rest) {
  act(who);
  change("1");
  finish(0);
  change("1", "e-12");
  EXPECT_EQ(page.runs.size(), 2U);
}

TEST_F(triggers_on_page, a_second_finish_of_one_run_counts_for_nothing) {
  act(who);
  change("1");
  finish(0);
  change("1", "e-12");
  finish(0);
  change("1", "e-13");
  EXPECT_EQ(page.runs.size(), 2U);
}

TEST_F(triggers_on_page, actions_of_one_listener_run_independently) {
  act(who);
  act(who);
  change("1");
  EXPECT_EQ(page.runs.size(), 2U);
}

TEST_F(triggers_on_page, per_key_each_key_runs_by_itself) {
  act(who, {.per_key = true});
  change("1", "e-11");
  change("2", "e-12");
  change("2", "e-13");
  ASSERT_EQ(page.runs.size(), 2U);
  EXPECT_EQ(page.runs[1].key, "2");
  finish(0);
  EXPECT_EQ(page.runs.size(), 2U);
  finish(1);
  ASSERT_EQ(page.runs.size(), 3U);
  EXPECT_EQ(page.runs[2].offset, "e-13");
}

TEST_F(triggers_on_page, throttle_parts_two_starts_and_keeps_the_latest_event) {
  act(who, {.throttle = 500});
  change("1", "e-11");
  finish(0);
  pass(100);
  change("1", "e-12");
  change("1", "e-13");
  pass(399);
  EXPECT_EQ(page.runs.size(), 1U);
  pass(1);
  ASSERT_EQ(page.runs.size(), 2U);
  EXPECT_EQ(page.runs[1].offset, "e-13");
}

TEST_F(triggers_on_page, throttle_counts_from_the_start_of_a_long_run) {
  act(who, {.throttle = 500});
  change("1", "e-11");
  pass(2'000);
  change("1", "e-12");
  finish(0);
  EXPECT_EQ(page.runs.size(), 2U);
}

TEST_F(triggers_on_page, spread_delays_by_chance_and_takes_the_latest_event) {
  act(who, {.spread = 1'000});
  page.chance = 0.25;
  change("1", "e-11");
  pass(249);
  change("1", "e-12");
  EXPECT_TRUE(page.runs.empty());
  pass(1);
  ASSERT_EQ(page.runs.size(), 1U);
  EXPECT_EQ(page.runs[0].offset, "e-12");
}

TEST_F(triggers_on_page, what_waits_for_a_key_that_is_gone_does_not_run) {
  act(who, {.throttle = 500});
  change("1", "e-11");
  finish(0);
  change("1", "e-12");
  set_keys(who, "2 3");
  pass(1'000);
  EXPECT_EQ(page.runs.size(), 1U);
}

TEST_F(triggers_on_page, what_came_while_it_ran_for_a_key_that_is_gone_does_not_run) {
  act(who, {.per_key = true});
  change("1", "e-11");
  change("1", "e-12");
  set_keys(who, "2 3");
  finish(0);
  EXPECT_EQ(page.runs.size(), 1U);
}

TEST_F(triggers_on_page, what_waits_for_a_key_that_stays_runs) {
  act(who, {.throttle = 500});
  change("1", "e-11");
  finish(0);
  change("1", "e-12");
  set_keys(who, "1 4");
  pass(500);
  EXPECT_EQ(page.runs.size(), 2U);
}

TEST_F(triggers_on_page, a_removed_listener_runs_no_more) {
  act(who, {.spread = 1'000});
  listen("1");
  page.chance = 0.5;
  change("1");
  hub.remove_listener(who, now);
  pass(1'000);
  change("1", "e-12");
  pass(1'000);
  EXPECT_TRUE(page.runs.empty());
}

TEST_F(triggers_on_page, the_finish_of_a_run_that_outlived_its_listener_is_harmless) {
  act(who);
  change("1");
  hub.remove_listener(who, now);
  finish(0);
  EXPECT_EQ(page.runs.size(), 1U);
}

TEST_F(triggers_on_page, own_changes_run_only_what_does_not_ignore_them) {
  using namespace std::string_literals;
  const listener_id own = hub.add_listener("microflow", "text", "by\0tab-7\0"s, now);
  hub.set_keys(own, nul_ended("9"), now);
  act(own, {.ignore_own = true});
  const action_id all = act(own);
  receive(R"(42["microflow created",{"text":"9","by":"tab-7"},"e-11"])");
  ASSERT_EQ(page.runs.size(), 1U);
  EXPECT_EQ(page.runs[0].action, all);
  finish(0);
  receive(R"(42["microflow created",{"text":"9","by":"tab-8"},"e-12"])");
  EXPECT_EQ(page.runs.size(), 3U);
}

}  // namespace
}  // namespace flowcast::core
