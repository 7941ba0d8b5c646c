#include "core/subscriptions.hpp"

#include "unit/core/hub_on_page.hpp"

namespace flowcast::core {
namespace {

class subscriptions_on_page : public hub_on_page {
 public:
  // Joins, and forgets what was sent for it.
  void joined() {
    join();
    take_sent();
  }
};

TEST_F(subscriptions_on_page, all_keys_go_out_with_the_connect_packet) {
  listen("2 1");
  listen("1 3");
  listen("a", "chat");
  greet();
  EXPECT_EQ(take_sent(),
            std::vector<std::string>{
                R"(40{"partial":true,"subscribe":{"microflow":["1","2","3"],"chat":["a"]}})"});
}

TEST_F(subscriptions_on_page, a_listener_without_keys_subscribes_to_none) {
  listen("");
  greet();
  EXPECT_EQ(take_sent(),
            std::vector<std::string>{R"(40{"partial":true,"subscribe":{"microflow":[]}})"});
}

TEST_F(subscriptions_on_page, a_service_that_no_one_listens_to_any_more_is_not_mentioned) {
  const listener_id mistyped = listen("1", "microfow");
  listen("1");
  hub.remove_listener(mistyped, now);
  greet();
  EXPECT_EQ(take_sent(),
            std::vector<std::string>{R"(40{"partial":true,"subscribe":{"microflow":["1"]}})"});
}

TEST_F(subscriptions_on_page, a_whole_service_needs_no_keys) {
  listen("1");
  hub.set_whole(listen(""), now);
  greet();
  EXPECT_EQ(take_sent(),
            std::vector<std::string>{R"(40{"partial":true,"subscribe":{"microflow":null}})"});
}

TEST_F(subscriptions_on_page, names_and_keys_are_escaped) {
  listen("a\"b\\\x01", "micro\"flow");
  greet();
  EXPECT_EQ(take_sent(),
            std::vector<std::string>{
                "40{\"partial\":true,\"subscribe\":{\"micro\\\"flow\":[\"a\\\"b\\\\\\u0001\"]}}"});
}

TEST_F(subscriptions_on_page, the_changes_of_a_moment_go_out_together) {
  const listener_id first = listen("1 2");
  joined();
  listen("3");
  listen("4");
  set_keys(first, "2 5");
  EXPECT_TRUE(take_sent().empty());
  pass(10);
  EXPECT_EQ(take_sent(), (std::vector<std::string>{R"(421["subscribe","microflow",["3","4","5"]])",
                                                   R"(422["unsubscribe","microflow",["1"]])"}));
}

TEST_F(subscriptions_on_page, a_key_is_given_up_with_the_last_who_wants_it) {
  const listener_id first = listen("1");
  const listener_id second = listen("1 2");
  joined();
  hub.remove_listener(first, now);
  pass(10);
  EXPECT_TRUE(take_sent().empty());
  set_keys(second, "2");
  pass(10);
  EXPECT_EQ(take_sent(), std::vector<std::string>{R"(421["unsubscribe","microflow",["1"]])"});
}

TEST_F(subscriptions_on_page, a_key_that_goes_and_comes_back_in_a_moment_is_not_mentioned) {
  const listener_id who = listen("1");
  joined();
  set_keys(who, "2");
  set_keys(who, "1");
  pass(10);
  EXPECT_TRUE(take_sent().empty());
}

TEST_F(subscriptions_on_page, from_keys_to_the_whole_and_back_without_a_gap) {
  const listener_id who = listen("1");
  joined();
  hub.set_whole(who, now);
  pass(10);
  EXPECT_EQ(take_sent(), (std::vector<std::string>{R"(421["subscribe","microflow",null])",
                                                   R"(422["unsubscribe","microflow",["1"]])"}));
  set_keys(who, "2");
  pass(10);
  EXPECT_EQ(take_sent(), (std::vector<std::string>{R"(423["subscribe","microflow",["2"]])",
                                                   R"(424["unsubscribe","microflow",null])"}));
}

TEST_F(subscriptions_on_page, changes_while_disconnected_go_out_with_the_next_connect_packet) {
  const listener_id who = listen("1");
  joined();
  close();
  set_keys(who, "2");
  EXPECT_TRUE(take_sent().empty());
  pass(1'000);
  greet();
  EXPECT_EQ(take_sent(),
            std::vector<std::string>{
                R"(40{"partial":true,"offset":"e-10","subscribe":{"microflow":["2"]}})"});
}

TEST_F(subscriptions_on_page, a_key_as_a_number_is_compared_by_its_digits) {
  act(listen("9007199254740993"));
  joined();
  receive(R"(42["microflow created",{"text":9007199254740992},"e-11"])");
  EXPECT_TRUE(page.runs.empty());
  receive(R"(42["microflow created",{"text":9007199254740993},"e-12"])");
  EXPECT_EQ(page.runs.size(), 1U);
}

TEST_F(subscriptions_on_page, a_key_with_escapes_is_compared_by_its_content) {
  act(listen("caf\xc3\xa9/\"1\""));
  joined();
  receive(R"(42["microflow created",{"text":"caf\u00e9\/\"1\""},"e-11"])");
  ASSERT_EQ(page.runs.size(), 1U);
  EXPECT_EQ(page.runs[0].key, "caf\xc3\xa9/\"1\"");
}

TEST_F(subscriptions_on_page, records_without_a_usable_key_match_no_key_but_the_whole_service) {
  act(listen("1"));
  const listener_id whole = listen("");
  hub.set_whole(whole, now);
  const action_id all = act(whole);
  joined();
  std::size_t count = 0;
  for (const char* record :
       {R"({"id":1})", R"({"text":null})", R"({"text":["1"]})", R"({"text":{"1":1}})",
        R"({"text":true})", R"([{"text":"1"}])", R"("1")", "1", "null"}) {
    receive(R"(42["microflow created",)" + std::string(record) + "]");
    ASSERT_EQ(page.runs.size(), ++count) << record;
    EXPECT_EQ(page.runs.back().action, all);
    EXPECT_EQ(page.runs.back().key, "");
    finish(count - 1);
  }
}

TEST_F(subscriptions_on_page, listeners_may_read_the_key_from_different_fields) {
  const listener_id by_guid = hub.add_listener("microflow", "guid", {}, now);
  hub.set_keys(by_guid, nul_ended("7"), now);
  const action_id guid = act(by_guid);
  const action_id text = act(listen("7"));
  joined();
  receive(R"(42["microflow created",{"guid":"7","text":"8"},"e-11"])");
  ASSERT_EQ(page.runs.size(), 1U);
  EXPECT_EQ(page.runs[0].action, guid);
  receive(R"(42["microflow created",{"guid":"8","text":"7"},"e-12"])");
  ASSERT_EQ(page.runs.size(), 2U);
  EXPECT_EQ(page.runs[1].action, text);
}

TEST_F(subscriptions_on_page, follows_a_context_that_changes) {
  const listener_id who = listen("1");
  act(who);
  joined();
  set_keys(who, "2");
  change("1");
  EXPECT_TRUE(page.runs.empty());
  change("2", "e-12");
  EXPECT_EQ(page.runs.size(), 1U);
}

TEST_F(subscriptions_on_page, says_when_the_server_refuses_a_subscription) {
  listen("1");
  joined();
  listen("2");
  pass(10);
  receive(R"(431[{"name":"Forbidden","message":"Not yours","code":403}])");
  EXPECT_EQ(page.statuses.back().state, connection_state::refused);
  EXPECT_EQ(page.statuses.back().why, cause::forbidden);
  EXPECT_EQ(page.statuses.back().detail, "Not yours");
}

}  // namespace
}  // namespace flowcast::core
