#include "core/hub.hpp"

#include <random>

#include "unit/core/hub_on_page.hpp"

namespace flowcast::core {
namespace {

class recovering_hub : public hub_on_page {
 public:
  void SetUp() override {
    action = act(listen("1"));
    join();
    take_sent();
  }
  // Loses the connection, and begins the next one.
  void reconnect() {
    pass(10'000);
    close();
    pass(1'000);
    greet();
  }
  action_id action = 0;
};

TEST_F(recovering_hub, the_first_connection_runs_nothing) {
  EXPECT_TRUE(page.runs.empty());
}

TEST_F(recovering_hub, asks_for_what_came_after_the_offset_of_the_connect_reply) {
  reconnect();
  EXPECT_EQ(take_sent(),
            std::vector<std::string>{
                R"(40{"partial":true,"offset":"e-10","subscribe":{"microflow":["1"]}})"});
}

TEST_F(recovering_hub, asks_for_what_came_after_the_last_event_whoever_it_was_for) {
  receive(R"(42["chat created",{},"e-31"])");
  reconnect();
  EXPECT_EQ(take_sent(),
            std::vector<std::string>{
                R"(40{"partial":true,"offset":"e-31","subscribe":{"microflow":["1"]}})"});
}

TEST_F(recovering_hub, asks_for_what_came_after_the_last_acknowledgement) {
  receive(R"(431[null,{"offset":"e-32"}])");
  reconnect();
  EXPECT_EQ(take_sent(),
            std::vector<std::string>{
                R"(40{"partial":true,"offset":"e-32","subscribe":{"microflow":["1"]}})"});
}

TEST_F(recovering_hub, runs_what_is_replayed_before_the_connect_reply) {
  reconnect();
  change("1", "e-12");
  ASSERT_EQ(page.runs.size(), 1U);
  EXPECT_EQ(page.runs[0].offset, "e-12");
  receive(R"(40{"sid":"a","offset":"e-12","recovered":true})");
  finish(0);
  EXPECT_EQ(page.runs.size(), 1U) << "nothing was missed";
}

TEST_F(recovering_hub, runs_each_action_once_when_it_was_not_recovered) {
  const action_id second = act(listen("2"));
  reconnect();
  receive(R"(40{"sid":"a","offset":"f-1","recovered":false})");
  ASSERT_EQ(page.runs.size(), 2U);
  EXPECT_EQ(page.runs[0].action, action);
  EXPECT_EQ(page.runs[1].action, second);
  EXPECT_TRUE(page.runs[0].missed);
  EXPECT_EQ(page.runs[0].name, "");
  EXPECT_EQ(page.runs[0].payload, "");
  finish(0);
  finish(1);
  EXPECT_EQ(page.runs.size(), 2U);
}

TEST_F(recovering_hub, runs_each_key_once_where_an_action_is_per_key) {
  act(listen("5 6"), {.per_key = true});
  act(listen("7"), {.ignore_missed = true});
  reconnect();
  receive(R"(40{"sid":"a","offset":"f-1","recovered":false})");
  ASSERT_EQ(page.runs.size(), 3U);
  EXPECT_EQ(page.runs[1].key, "5");
  EXPECT_EQ(page.runs[2].key, "6");
}

TEST_F(recovering_hub, what_may_have_been_missed_joins_the_event_that_waits) {
  change("1", "e-11");
  change("1", "e-12");
  reconnect();
  receive(R"(40{"sid":"a","offset":"f-1","recovered":false})");
  finish(0);
  ASSERT_EQ(page.runs.size(), 2U);
  EXPECT_TRUE(page.runs[1].missed);
  EXPECT_EQ(page.runs[1].offset, "e-12");
}

TEST_F(recovering_hub, what_may_have_been_missed_runs_also_when_the_key_of_the_event_is_gone) {
  const listener_id who = listen("2");
  act(who, {.throttle = 60'000});
  pass(10);
  change("2", "e-11");
  finish(0);
  change("2", "e-12");
  reconnect();
  receive(R"(40{"sid":"a","offset":"f-1","recovered":false})");
  set_keys(who, "3");
  page.runs.clear();
  pass(60'000);
  receive("2");
  ASSERT_EQ(page.runs.size(), 1U);
  EXPECT_TRUE(page.runs[0].missed);
  EXPECT_EQ(page.runs[0].key, "");
}

TEST_F(recovering_hub, renews_its_token_on_the_connection_that_is_there) {
  receive(R"(42["token_expiring",{"expires":1790000000}])");
  EXPECT_EQ(page.statuses.back().state, connection_state::connected);
  EXPECT_EQ(page.statuses.back().why, cause::expiring);
  hub.set_token("next", now);
  hub.tick(now);
  EXPECT_EQ(take_sent(), std::vector<std::string>{R"(421["authenticate",{"token":"next"}])"});
  EXPECT_EQ(page.opened, 1);
  receive(R"(431[null,{}])");
  EXPECT_EQ(page.statuses.back().why, cause::none);
  hub.set_token("next", now);
  EXPECT_TRUE(take_sent().empty()) << "the same token changes nothing";
}

TEST_F(recovering_hub, a_token_that_is_refused_when_it_is_renewed_is_shown) {
  hub.set_token("bad", now);
  receive(R"(431[{"name":"NotAuthenticated","code":401,"message":"No."}])");
  EXPECT_EQ(page.statuses.back().state, connection_state::refused);
  EXPECT_EQ(page.statuses.back().why, cause::token);
  EXPECT_EQ(page.statuses.back().detail, "No.");
}

TEST_F(recovering_hub, connects_anew_with_another_token_where_the_one_before_was_refused) {
  change("1", "e-40");
  receive(R"(431[{"name":"Forbidden","code":403,"message":"No."}])");
  hub.set_token("next", now);
  hub.tick(now);
  EXPECT_EQ(page.closed, 1);
  EXPECT_EQ(page.opened, 2);
  greet();
  EXPECT_EQ(
      take_sent(),
      std::vector<std::string>{
          R"(40{"partial":true,"token":"next","offset":"e-40","subscribe":{"microflow":["1"]}})"});
  receive(R"(40{"sid":"a","offset":"e-40","recovered":true})");
  EXPECT_EQ(page.runs.size(), 1U);
}

TEST_F(recovering_hub, whose_token_has_expired_asks_for_one_and_comes_back_at_once_with_it) {
  receive(R"(42["token_expired",{"name":"NotAuthenticated","code":401,"message":"Expired."}])");
  EXPECT_EQ(page.statuses.back().why, cause::token);
  EXPECT_EQ(page.statuses.back().detail, "Expired.");
  EXPECT_EQ(page.closed, 1);
  hub.set_token("next", now);
  EXPECT_EQ(page.opened, 2);
}

TEST_F(recovering_hub, goes_on_with_the_rest_where_a_part_is_refused) {
  listen("1", "nosuch");
  pass(10);
  EXPECT_EQ(take_sent(), std::vector<std::string>{R"(421["subscribe","nosuch",["1"]])"});
  constexpr std::string_view refused =
      R"([{"service":"nosuch","error":{"code":404,"message":"Not found"}}])";
  receive(R"(431[null,{"offset":"e-40","refused":)" + std::string(refused) + "}]");
  EXPECT_EQ(page.refused.back(), std::pair(std::string(refused), false));
  EXPECT_EQ(page.statuses.back().state, connection_state::connected);
  change("1", "e-41");
  ASSERT_EQ(page.runs.size(), 1U);
  finish(0);
  reconnect();
  receive(R"(40{"sid":"a","offset":"e-41","recovered":true,"refused":)" + std::string(refused) +
          "}");
  EXPECT_EQ(page.refused.back(), std::pair(std::string(refused), true));
  change("1", "e-42");
  EXPECT_EQ(page.runs.size(), 2U);
}

TEST_F(recovering_hub, shows_what_is_refused_before_it_says_that_it_is_connected) {
  reconnect();
  page.statuses.clear();
  page.on_refused = [&] { EXPECT_TRUE(page.statuses.empty()); };
  receive(R"(40{"sid":"a","offset":"e-10","recovered":true,"refused":[]})");
  EXPECT_EQ(page.statuses.back().state, connection_state::connected);
}

TEST_F(recovering_hub, connects_anew_with_another_token_where_the_one_before_was_refused_a_part) {
  reconnect();
  receive(R"(40{"sid":"a","offset":"e-10","recovered":true,"refused":[{"service":"nosuch"}]})");
  hub.set_token("next", now);
  EXPECT_EQ(page.opened, 3);
  greet();
  receive(R"(40{"sid":"a","offset":"e-10","recovered":true})");
  EXPECT_EQ(page.refused.back(), std::pair(std::string(), true));
  take_sent();
  hub.set_token("another", now);
  hub.tick(now);
  EXPECT_EQ(page.opened, 3) << "nothing is refused any more";
  EXPECT_EQ(take_sent().size(), 1U);
}

TEST_F(recovering_hub, a_claim_of_what_is_refused_is_no_problem_of_the_connection) {
  reconnect();
  receive(R"(40{"sid":"a","offset":"e-10","recovered":true,"refused":[{"service":"presence"}]})");
  receive(R"(437[{"name":"NotFound","code":404,"message":"Service 'presence' not found"}])");
  EXPECT_EQ(page.statuses.back().state, connection_state::connected);
}

TEST_F(recovering_hub, runs_what_was_refused_and_is_no_more_once) {
  hub.missed(1, now);
  ASSERT_EQ(page.runs.size(), 1U);
  EXPECT_TRUE(page.runs[0].missed);
  hub.missed(7, now);
  EXPECT_EQ(page.runs.size(), 1U);
}

TEST_F(recovering_hub, comes_back_where_the_server_is_too_busy_for_a_subscription) {
  change("1", "e-40");
  listen("2");
  pass(10);
  take_sent();
  receive(R"(431[{"name":"TooManyRequests","code":429,"message":"Slow down."}])");
  EXPECT_EQ(page.statuses.back().state, connection_state::disconnected);
  EXPECT_EQ(page.statuses.back().why, cause::busy);
  EXPECT_EQ(page.statuses.back().detail, "Slow down.");
  EXPECT_EQ(page.closed, 1);
  pass(1'000);
  EXPECT_EQ(page.opened, 2);
  greet();
  EXPECT_EQ(take_sent(),
            std::vector<std::string>{
                R"(40{"partial":true,"offset":"e-40","subscribe":{"microflow":["1","2"]}})"});
  receive(R"(44{"message":"Unavailable","data":{"code":503}})");
  pass(1'000);
  EXPECT_EQ(page.opened, 2) << "it waits longer the next time";
  pass(1'000);
  EXPECT_EQ(page.opened, 3);
}

TEST_F(recovering_hub, comes_back_where_the_server_is_too_busy_also_while_a_part_is_refused) {
  reconnect();
  receive(R"(40{"sid":"a","offset":"e-10","recovered":true,"refused":[{"service":"nosuch"}]})");
  listen("2");
  pass(10);
  receive(R"(431[{"name":"TooManyRequests","code":429,"message":"Slow down."}])");
  EXPECT_EQ(page.statuses.back().why, cause::busy);
  pass(2'000);
  EXPECT_EQ(page.opened, 3);
}

TEST_F(recovering_hub, begins_anew_after_all_have_gone) {
  hub.remove_listener(1, now);
  pass(1'000);
  take_sent();
  act(listen("1"));
  greet();
  EXPECT_EQ(take_sent(),
            std::vector<std::string>{R"(40{"partial":true,"subscribe":{"microflow":["1"]}})"});
  receive(R"(40{"sid":"a","offset":"e-50","recovered":false})");
  EXPECT_TRUE(page.runs.empty());
}

TEST_F(hub_on_page, a_first_connection_that_comes_late_may_have_missed_events) {
  act(listen("1"));
  close();
  pass(1'000);
  close();
  pass(2'000);
  join();
  ASSERT_EQ(page.runs.size(), 1U);
  EXPECT_TRUE(page.runs[0].missed);
}

class plain_feathers : public hub_on_page {
 public:
  void SetUp() override {
    act(who = listen("1"));
    join(R"(40{"sid":"a"})");
    take_sent();
  }
  listener_id who = 0;
};

TEST_F(plain_feathers, keys_are_compared_here) {
  receive(R"(42["microflow created",{"text":"2","id":0}])");
  EXPECT_TRUE(page.runs.empty());
  receive(R"(42["microflow created",{"text":"1","id":1}])");
  ASSERT_EQ(page.runs.size(), 1U);
  EXPECT_EQ(page.runs[0].offset, "");
}

TEST_F(plain_feathers, is_not_told_of_subscriptions) {
  set_keys(who, "2");
  pass(100);
  EXPECT_TRUE(take_sent().empty());
  receive(R"(42["microflow created",{"text":"2","id":0}])");
  EXPECT_EQ(page.runs.size(), 1U);
}

TEST_F(plain_feathers, never_recovers_and_its_offsets_are_not_believed) {
  receive(R"(42["microflow created",{"text":"2"},"Q8AOHqm"])");
  close();
  pass(1'000);
  greet();
  EXPECT_EQ(take_sent(),
            std::vector<std::string>{R"(40{"partial":true,"subscribe":{"microflow":["1"]}})"});
  receive(R"(40{"sid":"b","pid":"p"})");
  ASSERT_EQ(page.runs.size(), 1U);
  EXPECT_TRUE(page.runs[0].missed);
}

TEST_F(plain_feathers, is_told_of_another_token_with_another_connection) {
  hub.set_token("next", now);
  EXPECT_EQ(page.opened, 2);
}

TEST_F(plain_feathers, of_socket_io_2_connects_without_being_asked) {
  close();
  pass(1'000);
  greet();
  receive("40");
  EXPECT_EQ(page.statuses.back().state, connection_state::connected);
}

TEST_F(hub_on_page, ids_of_what_is_gone_do_nothing) {
  const listener_id who = listen("1");
  hub.remove_listener(who, now);
  hub.remove_listener(who, now);
  hub.set_keys(who, nul_ended("1"), now);
  hub.set_whole(who, now);
  hub.action_done(99, now);
  EXPECT_EQ(act(who), 0U);
  pass(2'000);
  EXPECT_EQ(page.closed, 1);
}

// Any packet, in any order, between any calls: nothing but what the rules allow.
TEST_F(hub_on_page, survives_noise) {
  std::mt19937 random(7);
  const std::vector<std::string> words = {"0",
                                          "1",
                                          "2",
                                          "3",
                                          "4",
                                          "40",
                                          "41",
                                          "42",
                                          "43",
                                          "44",
                                          "45",
                                          "6",
                                          "{",
                                          "}",
                                          "[",
                                          "]",
                                          "\"",
                                          ",",
                                          ":",
                                          "\\",
                                          "\\u",
                                          "12",
                                          "-1.5e3",
                                          "null",
                                          "true",
                                          "\"sid\"",
                                          "\"microflow created\"",
                                          "\"text\"",
                                          "\"1\"",
                                          "{\"text\":\"1\"}",
                                          "\"offset\"",
                                          "\"recovered\"",
                                          std::string("\0", 1),
                                          "\xff",
                                          "\xc3\xa9"};
  std::vector<listener_id> all;
  for (int round = 0; round != 4'000; ++round) {
    switch (random() % 8) {
      case 0:
        all.push_back(listen(random() % 2 == 0 ? "1 2" : "3"));
        act(all.back(),
            {.throttle = static_cast<std::uint32_t>(random() % 100), .per_key = random() % 2 == 0},
            "");
        break;
      case 1:
        if (!all.empty()) {
          hub.remove_listener(all[random() % all.size()], now);
        }
        break;
      case 2:
        join();
        break;
      case 3:
        pass(double(random() % 5'000));
        break;
      case 4:
        if (!page.runs.empty()) {
          finish(random() % page.runs.size());
        }
        break;
      default: {
        std::string packet;
        for (unsigned i = random() % 8; i != 0; --i) {
          packet += words[random() % words.size()];
        }
        receive(packet);
      }
    }
    ASSERT_GE(page.opened, page.closed);
  }
}

}  // namespace
}  // namespace flowcast::core
