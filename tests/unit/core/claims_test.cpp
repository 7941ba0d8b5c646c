#include "core/claims.hpp"

#include "unit/core/hub_on_page.hpp"

namespace flowcast::core {
namespace {

using sent = std::vector<std::string>;

// A widget that listens to `locks` or `presence` for the key 7, with an action that hears how it
// stands.
class claiming_hub : public hub_on_page {
 public:
  struct widget {
    listener_id listener = 0;
    action_id action = 0;
  };

  widget add(std::string_view service, std::string_view key = "7") {
    widget added;
    added.listener = hub.add_listener(service, "key", {}, now);
    hub.set_keys(added.listener, nul_ended(key), now);
    added.action = act(added.listener, {.ignore_missed = true}, "");
    return added;
  }
  void claim(const widget& who, claim_level level, std::string_view key = "7",
             std::string_view id = "me", std::string_view name = "Anna") {
    hub.claim(who.listener, key, {.id = id, .name = name, .ttl = 30'000}, level, now);
    hub.tick(now);
  }
  void join_with(std::string_view states, bool recovered = false) {
    std::string reply = R"(40{"sid":"a","offset":"e-10","recovered":)";
    reply.append(recovered ? "true" : "false").append(R"(,"state":)").append(states).append("}");
    join(reply);
  }
  void reconnect_with(std::string_view states) {
    close();
    pass(1'000);
    join_with(states, true);
  }
  void answer(unsigned call, std::string_view arguments) {
    receive("43" + std::to_string(call) + "[" + std::string(arguments) + "]");
  }
  static std::string lease(std::string_view holder, std::string_view name = "Ben") {
    std::string text = R"({"key":"7","holder":")";
    return text.append(holder).append(R"(","name":")").append(name).append(R"(","ttl":30000})");
  }
  static std::string conflict() {
    return R"({"name":"Conflict","code":409,"data":)" + lease("you") + "}";
  }
  // What the action was told since the last time.
  std::vector<std::string> take_told() {
    std::vector<std::string> told;
    for (std::size_t at = heard_; at != page.runs.size(); ++at) {
      told.push_back(page.runs[at].name + " " + page.runs[at].payload);
      finish(at);
    }
    heard_ = page.runs.size();
    return told;
  }

 private:
  std::size_t heard_ = 0;
};

using the_lock = claiming_hub;

TEST_F(the_lock, is_asked_for_when_it_is_wanted_and_ours_when_the_server_says_so) {
  const widget who = add("locks");
  claim(who, claim_level::none);
  join_with(R"({"locks":[]})");
  EXPECT_EQ(take_told(), sent{"free "});
  take_sent();
  claim(who, claim_level::claimed);
  EXPECT_EQ(take_sent(),
            sent{R"(421["create","locks",{"key":"7","holder":"me","name":"Anna","ttl":30000}])"});
  receive(R"(42["locks created",)" + lease("me") + R"(,"e-11"])");
  EXPECT_TRUE(take_told().empty()) << "the answer says more than the event";
  answer(1, "null," + lease("me"));
  EXPECT_EQ(take_told(), sent{"mine " + lease("me")});
}

class held_lock : public claiming_hub {
 public:
  void SetUp() override {
    who = add("locks");
    claim(who, claim_level::claimed);
    join_with(R"({"locks":[]})");
    answer(1, "null," + lease("me"));
    take_told();
    take_sent();
  }
  static constexpr const char* renewal =
      R"(["create","locks",{"key":"7","holder":"me","name":"Anna","ttl":30000}])";
  widget who;
};

TEST_F(held_lock, is_renewed_each_third_of_its_time_and_nobody_is_told) {
  pass(9'999);
  EXPECT_TRUE(take_sent().empty());
  pass(1);
  EXPECT_EQ(take_sent(), sent{"422" + std::string(renewal)});
  answer(2, "null," + lease("me"));
  receive("2");  // the server's ping, so that the connection is not silent
  pass(10'000);
  EXPECT_EQ(take_sent().back(), "423" + std::string(renewal));
  EXPECT_TRUE(take_told().empty());
}

TEST_F(held_lock, is_given_up_when_it_is_not_wanted_any_more) {
  claim(who, claim_level::none);
  EXPECT_EQ(take_sent(), sent{R"(42["remove","locks","7",{"holder":"me"}])"});
  EXPECT_EQ(take_told(), sent{"free "});
  pass(30'000);
  for (const std::string& packet : take_sent()) {
    EXPECT_EQ(packet.find("create"), std::string::npos);
  }
}

TEST_F(held_lock, is_given_up_with_the_last_widget_that_wants_it) {
  const widget second = add("locks");
  claim(second, claim_level::claimed);
  EXPECT_EQ(page.runs.back().name, "mine") << "who comes later is told how it stands";
  take_sent();
  hub.remove_listener(who.listener, now);
  hub.tick(now);
  EXPECT_TRUE(take_sent().empty());
  hub.remove_listener(second.listener, now);
  hub.tick(now);
  EXPECT_EQ(take_sent(), sent{R"(42["remove","locks","7",{"holder":"me"}])"});
}

TEST_F(held_lock, is_given_up_when_the_page_goes_and_asked_for_when_it_is_back) {
  hub.page_left(now);
  EXPECT_EQ(take_sent(), sent{R"(42["remove","locks","7",{"holder":"me"}])"});
  EXPECT_EQ(page.closed, 1);
  hub.page_woke(now);
  join_with(R"({"locks":[]})");
  EXPECT_EQ(take_sent().back(), "422" + std::string(renewal));
}

TEST_F(held_lock, goes_with_the_key_that_is_listened_to) {
  hub.set_keys(who.listener, nul_ended("8"), now);
  claim(who, claim_level::claimed, "8");
  EXPECT_EQ(take_sent(),
            (sent{R"(42["remove","locks","7",{"holder":"me"}])",
                  R"(422["create","locks",{"key":"8","holder":"me","name":"Anna","ttl":30000}])"}));
}

TEST_F(held_lock, is_lost_when_its_time_has_passed_without_an_answer_also_offline) {
  close();
  pass(29'999);
  EXPECT_TRUE(take_told().empty());
  pass(1);
  EXPECT_EQ(take_told(), sent{"lost "});
}

TEST_F(held_lock, counts_its_time_from_the_asking_not_from_the_answer) {
  pass(10'000);
  receive("2");
  pass(9'000);  // the answer takes its time
  answer(2, "null," + lease("me"));
  close();
  pass(20'999);
  EXPECT_TRUE(take_told().empty());
  pass(1);
  EXPECT_EQ(take_told(), sent{"lost "});
}

TEST_F(held_lock, is_lost_at_once_after_a_sleep_that_was_longer_than_its_time) {
  sleep(3'600'000);
  EXPECT_EQ(take_told(), sent{"lost "});
}

TEST_F(held_lock, is_renewed_at_once_after_a_reconnect) {
  reconnect_with(R"({"locks":[)" + lease("me") + "]}");
  EXPECT_EQ(take_sent().back(), "422" + std::string(renewal));
  answer(2, "null," + lease("me"));
  EXPECT_TRUE(take_told().empty());
}

TEST_F(held_lock, that_somebody_took_while_we_were_away_is_lost_and_not_asked_for) {
  reconnect_with(R"({"locks":[)" + lease("you") + "]}");
  EXPECT_EQ(take_told(), sent{"lost " + lease("you")});
  EXPECT_EQ(take_sent().back().find("create"), std::string::npos);
}

TEST_F(held_lock, that_ran_out_at_the_server_is_lost_and_asked_for_again) {
  receive(R"(42["locks removed",)" + lease("me") + R"(,"e-12"])");
  EXPECT_EQ(take_told(), sent{"lost "});
  EXPECT_EQ(take_sent(), sent{"422" + std::string(renewal)});
  answer(2, "null," + lease("me"));
  EXPECT_EQ(take_told(), sent{"mine " + lease("me")});
}

TEST_F(held_lock, that_somebody_took_over_is_lost) {
  receive(R"(42["locks created",)" + lease("you") + R"(,"e-12"])");
  EXPECT_EQ(take_told(), sent{"lost " + lease("you")});
  pass(40'000);
  EXPECT_TRUE(take_told().empty());
}

TEST_F(held_lock, is_given_up_after_the_reconnect_where_it_was_not_wanted_any_more_meanwhile) {
  close();
  claim(who, claim_level::none);
  EXPECT_TRUE(take_sent().empty());
  pass(1'000);
  join_with(R"({"locks":[)" + lease("me") + "]}", true);
  EXPECT_EQ(take_sent().back(), R"(42["remove","locks","7",{"holder":"me"}])");
}

class lock_of_another : public claiming_hub {
 public:
  void SetUp() override {
    who = add("locks");
    claim(who, claim_level::none);
    join_with(R"({"locks":[)" + lease("you") + "]}");
    EXPECT_EQ(take_told(), sent{"held " + lease("you")});
    take_sent();
  }
  widget who;
};

TEST_F(lock_of_another, is_refused_once_and_asked_for_when_it_frees) {
  claim(who, claim_level::claimed);
  answer(1, conflict());
  EXPECT_EQ(take_told(), sent{"refused " + lease("you")});
  EXPECT_EQ(page.statuses.back().state, connection_state::connected) << "a conflict is no fault";
  take_sent();
  receive(R"(42["locks patched",)" + lease("you") + R"(,"e-12"])");
  receive("2");
  pass(40'000);
  EXPECT_TRUE(take_told().empty());
  receive(R"(42["locks removed",)" + lease("you") + R"(,"e-13"])");
  EXPECT_EQ(take_told(), sent{"free "});
  EXPECT_EQ(take_sent().back(),
            R"(422["create","locks",{"key":"7","holder":"me","name":"Anna","ttl":30000}])");
}

TEST_F(lock_of_another, is_not_taken_by_who_does_not_want_it) {
  receive(R"(42["locks removed",)" + lease("you") + R"(,"e-13"])");
  EXPECT_EQ(take_told(), sent{"free "});
  EXPECT_TRUE(take_sent().empty());
}

TEST_F(lock_of_another, is_refused_again_to_who_wants_it_again) {
  claim(who, claim_level::claimed);
  answer(1, conflict());
  claim(who, claim_level::none);
  EXPECT_EQ(take_told().back(), "held " + lease("you"));
  claim(who, claim_level::claimed);
  answer(2, conflict());
  EXPECT_EQ(take_told(), sent{"refused " + lease("you")});
}

TEST_F(the_lock, that_is_not_allowed_is_shown_in_the_status) {
  claim(add("locks"), claim_level::claimed);
  join_with(R"({"locks":[]})");
  answer(1, R"({"name":"Forbidden","code":403,"message":"No."})");
  EXPECT_EQ(page.statuses.back().why, cause::forbidden);
}

TEST_F(the_lock, comes_with_the_acknowledgement_of_a_subscription_too) {
  join_with("{}");
  const widget who = add("microflow", "1");
  join_with("{}");
  const widget later = add("locks");
  claim(later, claim_level::none);
  pass(10);
  answer(1, R"(null,{"offset":"e-12","state":[)" + lease("you") + "]}");
  EXPECT_EQ(take_told(), sent{"held " + lease("you")});
  EXPECT_NE(who.listener, later.listener);
}

class present : public claiming_hub {
 public:
  void SetUp() override {
    who = add("presence");
    claim(who, claim_level::claimed, "7", "u1", "Anna \"A\"");
    join_with(R"({"presence":[{"key":"7","count":1,"names":["Ben"],"editing":[]}]})");
  }
  static constexpr const char* both =
      R"({"key":"7","count":2,"names":["Ben","Anna \"A\""],"editing":[]})";
  widget who;
};

TEST_F(present, joins_with_the_connection_and_hears_who_is_there) {
  EXPECT_EQ(take_told(), sent{R"(present {"key":"7","count":1,"names":["Ben"],"editing":[]})"});
  EXPECT_EQ(
      take_sent(),
      (sent{
          R"(40{"partial":true,"subscribe":{"presence":["7"]}})",
          R"(421["create","presence",{"key":"7","user":"u1","name":"Anna \"A\"","editing":false}])"}));
  answer(1, std::string("null,") + both);
  EXPECT_EQ(take_told(), sent{std::string("present ") + both});
  receive(std::string(R"(42["presence patched",)") + both + "]");
  EXPECT_TRUE(take_told().empty()) << "nothing has changed";
}

TEST_F(present, says_who_edits_as_long_as_one_of_its_widgets_does) {
  const widget second = add("presence");
  claim(second, claim_level::none);
  take_sent();
  claim(second, claim_level::editing, "7", "u1");
  EXPECT_NE(take_sent().back().find(R"("editing":true)"), std::string::npos);
  claim(who, claim_level::editing, "7", "u1");
  claim(second, claim_level::claimed, "7", "u1");
  EXPECT_TRUE(take_sent().empty());
  claim(who, claim_level::claimed, "7", "u1");
  EXPECT_NE(take_sent().back().find(R"("editing":false)"), std::string::npos);
}

TEST_F(present, joins_again_after_a_reconnect) {
  take_sent();
  reconnect_with(R"({"presence":[]})");
  EXPECT_EQ(take_sent().size(), 2U);
}

TEST_F(present, leaves_with_the_last_widget) {
  take_sent();
  hub.remove_listener(who.listener, now);
  hub.tick(now);
  EXPECT_EQ(take_sent(), sent{R"(42["remove","presence","7"])"});
}

TEST_F(present, is_left_to_the_server_when_the_page_goes) {
  take_sent();
  hub.page_left(now);
  EXPECT_TRUE(take_sent().empty());
}

TEST_F(claiming_hub, who_only_watches_does_not_join) {
  claim(add("presence"), claim_level::none);
  join_with(R"({"presence":[{"key":"7","count":1,"names":["Ben"],"editing":["Ben"]}]})");
  EXPECT_EQ(take_sent(), sent{R"(40{"partial":true,"subscribe":{"presence":["7"]}})"});
  EXPECT_EQ(take_told(),
            sent{R"(present {"key":"7","count":1,"names":["Ben"],"editing":["Ben"]})"});
}

TEST_F(claiming_hub, a_claim_on_what_is_gone_does_nothing) {
  const widget who = add("locks");
  hub.remove_listener(who.listener, now);
  claim(who, claim_level::claimed);
  pass(2'000);
  EXPECT_TRUE(take_sent().empty());
}

}  // namespace
}  // namespace flowcast::core
