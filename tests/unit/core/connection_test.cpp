#include "core/connection.hpp"

#include "unit/core/hub_on_page.hpp"

namespace flowcast::core {
namespace {

class connection_on_page : public hub_on_page {
 public:
  [[nodiscard]] shown_status status() const { return page.statuses.back(); }
};

TEST_F(connection_on_page, opens_with_the_first_listener_and_no_more_with_the_next) {
  EXPECT_EQ(page.opened, 0);
  listen("1");
  EXPECT_EQ(page.opened, 1);
  EXPECT_EQ(status().state, connection_state::connecting);
  listen("2");
  EXPECT_EQ(page.opened, 1);
}

TEST_F(connection_on_page, closes_a_moment_after_the_last_listener_has_gone) {
  const listener_id first = listen("1");
  const listener_id second = listen("2");
  join();
  hub.remove_listener(first, now);
  pass(5'000);
  EXPECT_EQ(page.closed, 0);
  hub.remove_listener(second, now);
  pass(999);
  EXPECT_EQ(page.closed, 0);
  pass(1);
  EXPECT_EQ(page.closed, 1);
  EXPECT_EQ(hub.due(), never);
}

TEST_F(connection_on_page, stays_when_a_page_releases_all_and_listens_again) {
  hub.remove_listener(listen("1"), now);
  join();
  pass(500);
  listen("2");
  pass(5'000);
  EXPECT_EQ(page.closed, 0);
  EXPECT_EQ(page.opened, 1);
}

TEST_F(connection_on_page, answers_a_ping) {
  listen("1");
  join();
  take_sent();
  receive("2");
  EXPECT_EQ(take_sent(), std::vector<std::string>{"3"});
}

TEST_F(connection_on_page, gives_up_a_server_that_is_silent_for_interval_and_timeout) {
  listen("1");
  join();
  pass(44'999);
  EXPECT_EQ(page.closed, 0);
  pass(1);
  EXPECT_EQ(page.closed, 1);
  EXPECT_EQ(status().why, cause::silent);
}

TEST_F(connection_on_page, any_packet_is_a_sign_of_life) {
  listen("1");
  join();
  for (int i = 0; i != 5; ++i) {
    pass(40'000);
    receive(i % 2 == 0 ? "2" : R"(42["chat created",{}])");
  }
  EXPECT_EQ(page.closed, 0);
}

TEST_F(connection_on_page, follows_the_heartbeat_of_the_server) {
  listen("1");
  greet(R"(0{"sid":"s","pingInterval":300,"pingTimeout":200})");
  receive(R"(40{"sid":"a"})");
  pass(499);
  EXPECT_EQ(page.closed, 0);
  pass(1);
  EXPECT_EQ(page.closed, 1);
}

TEST_F(connection_on_page, takes_a_heartbeat_that_is_none_for_the_usual_one) {
  listen("1");
  greet(R"(0{"sid":"s","pingInterval":"soon","pingTimeout":-1})");
  receive(R"(40{"sid":"a"})");
  pass(44'999);
  EXPECT_EQ(page.closed, 0);
  pass(1);
  EXPECT_EQ(page.closed, 1);
}

TEST_F(connection_on_page, waits_longer_from_attempt_to_attempt) {
  listen("1");
  for (const milliseconds expected : {1'000, 2'000, 4'000, 8'000, 16'000, 30'000, 30'000}) {
    const int attempts = page.opened;
    close();
    pass(expected - 1);
    EXPECT_EQ(page.opened, attempts);
    pass(1);
    EXPECT_EQ(page.opened, attempts + 1);
  }
}

TEST_F(connection_on_page, waits_up_to_half_less_by_chance) {
  listen("1");
  page.chance = 0.999999;
  close();
  pass(501);
  EXPECT_EQ(page.opened, 2);
}

TEST_F(connection_on_page, begins_again_with_short_waits_only_after_a_connection_that_held) {
  listen("1");
  close();
  pass(1'000);
  join();
  pass(4'999);
  close();
  pass(1'999);
  EXPECT_EQ(page.opened, 2) << "a server that drops each connection is not hammered";
  pass(1);
  join();
  pass(5'000);
  close();
  pass(1'000);
  EXPECT_EQ(page.opened, 4);
}

TEST_F(connection_on_page, gives_up_an_attempt_that_leads_nowhere) {
  listen("1");
  pass(20'000);
  EXPECT_EQ(page.closed, 1);
  EXPECT_EQ(status().why, cause::unreachable);
  pass(1'000);
  hub.socket_opened();
  pass(20'000);
  EXPECT_EQ(page.closed, 2);
  EXPECT_EQ(status().why, cause::silent);
}

TEST_F(connection_on_page, tells_a_cause_once_and_not_for_each_attempt) {
  listen("1");
  join();
  for (int i = 0; i != 5; ++i) {
    close();
    pass(30'000);
  }
  ASSERT_EQ(page.statuses.size(), 4U);
  EXPECT_EQ(page.statuses[1].state, connection_state::connected);
  EXPECT_EQ(page.statuses[2].why, cause::lost);
  EXPECT_EQ(page.statuses[3].why, cause::unreachable);
  EXPECT_EQ(page.statuses[3].state, connection_state::disconnected);
}

TEST_F(connection_on_page, reconnects_when_the_server_ends_the_session) {
  for (const char* end : {"1", "41"}) {
    const int before = page.opened;
    const listener_id who = listen("1");
    join();
    pass(10'000);
    receive(end);
    EXPECT_EQ(status().why, cause::closed) << end;
    pass(1'000);
    EXPECT_EQ(page.opened, before + 2) << end;
    hub.remove_listener(who, now);
    pass(1'000);
  }
}

TEST_F(connection_on_page, says_why_the_server_closed) {
  listen("1");
  join();
  close(1008, "too slow");
  EXPECT_EQ(status().why, cause::closed);
  EXPECT_EQ(status().detail, "too slow");
}

struct refusal {
  const char* packet;
  connection_state state;
  cause why;
};

class refused_connection : public connection_on_page,
                           public testing::WithParamInterface<refusal> {};

TEST_P(refused_connection, is_told_with_what_the_server_said) {
  listen("1");
  greet();
  receive(GetParam().packet);
  EXPECT_EQ(page.closed, 1);
  EXPECT_EQ(status().state, GetParam().state);
  EXPECT_EQ(status().why, GetParam().why);
  EXPECT_EQ(status().detail, "No");
  const milliseconds wait = GetParam().state == connection_state::disconnected ? 1'000 : 30'000;
  pass(wait - 1);
  EXPECT_EQ(page.opened, 1);
  pass(1);
  EXPECT_EQ(page.opened, 2) << "it goes on trying";
}

INSTANTIATE_TEST_SUITE_P(
    by_code, refused_connection,
    testing::Values(refusal{R"(44{"message":"No","data":{"name":"NotAuthenticated","code":401}})",
                            connection_state::refused, cause::token},
                    refusal{R"(44{"message":"No","data":{"code":403}})", connection_state::refused,
                            cause::forbidden},
                    refusal{R"(44{"message":"No","data":{"code":404}})", connection_state::refused,
                            cause::service},
                    refusal{R"(44{"message":"No","code":401})", connection_state::refused,
                            cause::token},
                    refusal{R"(44{"message":"No","data":"whatever"})", connection_state::refused,
                            cause::rejected},
                    refusal{R"(44{"message":"No"})", connection_state::refused, cause::rejected},
                    refusal{R"(44{"message":"No","data":{"code":429}})",
                            connection_state::disconnected, cause::busy},
                    refusal{R"(44{"message":"No","data":{"code":503}})",
                            connection_state::disconnected, cause::busy}));

TEST_F(connection_on_page, another_token_is_tried_at_once_after_a_refusal) {
  listen("1");
  greet();
  receive(R"(44{"message":"No","data":{"code":401}})");
  hub.set_token("better", now);
  EXPECT_EQ(page.opened, 2);
  take_sent();
  greet();
  EXPECT_EQ(take_sent(),
            std::vector<std::string>{
                R"(40{"partial":true,"token":"better","subscribe":{"microflow":["1"]}})"});
}

TEST_F(connection_on_page, a_token_that_comes_before_the_connect_packet_goes_with_it) {
  listen("1");
  hub.set_token("first", now);
  EXPECT_EQ(page.opened, 1);
  hub.socket_opened();
  hub.set_token("second", now);
  greet();
  EXPECT_EQ(page.opened, 1);
  EXPECT_EQ(take_sent(),
            std::vector<std::string>{
                R"(40{"partial":true,"token":"second","subscribe":{"microflow":["1"]}})"});
  hub.set_token("third", now);
  EXPECT_EQ(page.opened, 2) << "the second is on its way";
}

TEST_F(connection_on_page,
       what_only_another_page_cures_is_said_once_and_tried_again_after_a_wake_up) {
  listen("1");
  int attempts = 1;
  for (const auto& [code, why] :
       {std::pair{closed_insecure, cause::insecure}, std::pair{closed_policy, cause::policy},
        std::pair{closed_url, cause::url}}) {
    close(code, "detail");
    EXPECT_EQ(status().state, connection_state::failed);
    EXPECT_EQ(status().why, why);
    const std::size_t said = page.statuses.size();
    pass(3'600'000);
    EXPECT_EQ(page.opened, attempts);
    hub.page_woke(now);
    EXPECT_EQ(page.opened, ++attempts);
    close(code, "detail");
    hub.page_woke(now);
    EXPECT_EQ(page.opened, ++attempts);
    EXPECT_EQ(page.statuses.size(), said);
  }
  join();
  EXPECT_EQ(status().state, connection_state::connected);
}

TEST_F(connection_on_page, wakes_up_at_once_while_it_waits) {
  listen("1");
  for (int i = 0; i != 6; ++i) {
    close();
    pass(30'000);
  }
  close();
  const int attempts = page.opened;
  hub.page_woke(now);
  EXPECT_EQ(page.opened, attempts + 1);
}

TEST_F(connection_on_page, a_timer_that_is_late_is_a_wake_up) {
  listen("1");
  join();
  sleep(3'600'000);
  EXPECT_EQ(page.closed, 1) << "no one can have been heard in an hour";
  EXPECT_EQ(page.opened, 2);
  EXPECT_EQ(page.statuses.back().state, connection_state::connected) << "it was no failure";
}

TEST_F(connection_on_page, after_a_short_sleep_it_asks_for_a_sign_of_life) {
  listen("1");
  join();
  take_sent();
  sleep(10'000);
  EXPECT_EQ(take_sent(), std::vector<std::string>{R"(420["find",""])"});
  receive(R"(430[{"code":404,"message":"Service '' not found"}])");
  pass(2'000);
  EXPECT_EQ(page.closed, 0);
  EXPECT_EQ(status().state, connection_state::connected) << "any answer will do";
}

TEST_F(connection_on_page, pings_a_socket_io_2_server_which_expects_that) {
  listen("1");
  greet(R"(0{"sid":"s","pingInterval":25000,"pingTimeout":5000})");
  receive("40");
  take_sent();
  for (int i = 0; i != 3; ++i) {
    pass(24'999);
    EXPECT_TRUE(take_sent().empty());
    pass(1);
    EXPECT_EQ(take_sent(), std::vector<std::string>{"2"});
    receive("3");
  }
  EXPECT_EQ(page.closed, 0);
  pass(30'000);
  EXPECT_EQ(page.closed, 1);
  pass(1'000);
  join();
  take_sent();
  pass(25'000);
  EXPECT_TRUE(take_sent().empty()) << "a newer server has taken its place";
}

TEST_F(connection_on_page, without_a_sign_of_life_it_connects_anew_within_a_second) {
  listen("1");
  join();
  hub.page_woke(now);
  pass(1'000);
  EXPECT_EQ(page.closed, 1);
  EXPECT_EQ(page.opened, 2);
}

TEST_F(connection_on_page, an_attempt_from_before_the_sleep_begins_again) {
  listen("1");
  hub.page_woke(now + 2'000);
  EXPECT_EQ(page.opened, 1) << "an attempt that is young goes on";
  hub.page_woke(now + 2'001);
  EXPECT_EQ(page.opened, 2);
}

TEST_F(connection_on_page, the_late_timers_of_a_hidden_page_mean_nothing) {
  listen("1");
  join();
  take_sent();
  hub.page_hidden();
  sleep(30'000);
  EXPECT_TRUE(take_sent().empty());
  EXPECT_EQ(page.closed, 0);
}

TEST_F(connection_on_page, a_hidden_page_still_notices_a_dead_server) {
  listen("1");
  join();
  hub.page_hidden();
  sleep(60'000);
  EXPECT_EQ(page.closed, 1);
}

TEST_F(connection_on_page, closes_for_the_back_forward_cache_and_recovers_from_it) {
  listen("1");
  join();
  change("1", "e-20");
  hub.page_left(now);
  EXPECT_EQ(page.closed, 1);
  pass(60'000);
  EXPECT_EQ(page.opened, 1);
  hub.page_woke(now);
  EXPECT_EQ(page.opened, 2);
  take_sent();
  greet();
  EXPECT_EQ(take_sent(),
            std::vector<std::string>{
                R"(40{"partial":true,"offset":"e-20","subscribe":{"microflow":["1"]}})"});
}

class hostile_packet : public connection_on_page,
                       public testing::WithParamInterface<const char*> {};

TEST_P(hostile_packet, ends_the_attempt_and_the_next_one_follows) {
  act(listen("1"), {}, "");
  join();
  pass(10'000);
  receive(GetParam());
  EXPECT_EQ(page.closed, 1);
  EXPECT_EQ(status().why, cause::protocol);
  EXPECT_TRUE(page.runs.empty());
  pass(1'000);
  EXPECT_EQ(page.opened, 2);
}

INSTANTIATE_TEST_SUITE_P(of_many_kinds, hostile_packet,
                         testing::Values("", "x", "5", "0", "0{}", R"(0{"sid":"s"})", "4", "48",
                                         "4{", "42", "42{}", "42[", "42[1,]", "42\"x\"",
                                         "42[\"microflow created\",{\"text\":\"1\"}",
                                         "42[\"\xff\"]", "42[\"\\ud800\"]", "42[01]", "43", "431",
                                         "431{}", "42999999999999999999[\"x\"]",
                                         "42[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["));

TEST_F(connection_on_page, what_is_nested_too_deeply_is_hostile) {
  listen("1");
  join();
  receive("42" + std::string(400, '[') + std::string(400, ']'));
  EXPECT_EQ(status().why, cause::protocol);
}

TEST_F(connection_on_page, what_is_not_for_it_is_let_by) {
  act(listen("1"), {}, "");
  join();
  for (const char* packet :
       {"3", "6", "bAAAA", R"(451-["microflow created",{"_placeholder":true,"num":0}])",
        R"(42/chat,["microflow created",{"text":"1"}])", R"(40{"sid":"again"})", "42[]", "42[7]",
        R"(42["microflow created"])", R"(42[null,{"text":"1"}])"}) {
    receive(packet);
    EXPECT_EQ(page.closed, 0) << packet;
    EXPECT_TRUE(page.runs.empty()) << packet;
  }
}

TEST_F(connection_on_page, what_comes_before_the_greeting_is_hostile) {
  listen("1");
  hub.socket_opened();
  receive(R"(42["microflow created",{"text":"1"}])");
  EXPECT_EQ(page.closed, 1);
}

TEST_F(connection_on_page, what_comes_after_the_end_of_the_socket_is_not_heard) {
  act(listen("1"));
  join();
  close();
  change("1");
  close();
  EXPECT_TRUE(page.runs.empty());
  pass(1'000);
  EXPECT_EQ(page.opened, 2);
}

TEST_F(connection_on_page, a_message_too_large_to_take_in_closes_the_socket) {
  listen("1");
  join();
  close(closed_oversized);
  EXPECT_EQ(page.closed, 1);
  EXPECT_EQ(status().why, cause::oversized);
}

}  // namespace
}  // namespace flowcast::core
