#include "hub/fan_out.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/hub/fan_out_fixture.hpp"

namespace flowcast::hub {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class fan_out_test : public testing::Test {
 protected:
  driven_fan_out driven_{{.max_lag = 1000, .slice = 4, .congested_at = 600}};
  fan_out& fans_ = driven_.fans;

  // Of all services.
  std::uint64_t counted_events() const { return sum_of(&fan_out_counters::channel::events); }
  std::uint64_t counted_deliveries() const {
    return sum_of(&fan_out_counters::channel::deliveries);
  }

 private:
  std::uint64_t sum_of(operations::tally fan_out_counters::channel::*part) const {
    std::uint64_t sum = 0;
    for (const fan_out_counters::channel& each : fans_.counters().channels)
      sum += (each.*part).value();
    return sum;
  }
};

TEST_F(fan_out_test, a_listener_that_never_chose_hears_every_service_that_broadcasts) {
  test_session one(driven_);
  driven_.publish(microflow, "a");
  driven_.publish(secret, "a");
  driven_.publish(orders, "b");
  driven_.run_all();
  EXPECT_THAT(one.sink.packets(),
              ElementsAre(test_packet(microflow, "a", 1), test_packet(orders, "b", 3)));
  EXPECT_FALSE(one.who.selective());
}

TEST_F(fan_out_test, a_listener_hears_what_comes_after_the_head_of_the_moment_it_joined) {
  EXPECT_EQ(fans_.head(), records::offset());
  fans_.start_at({0xaa, 7});
  EXPECT_EQ(fans_.head(), (records::offset{0xaa, 7}));
  driven_.position = 7;
  driven_.publish(microflow, "a");
  test_session one(driven_);
  EXPECT_EQ(fans_.head(), (records::offset{0xaa, 8}));
  driven_.publish(microflow, "b");
  driven_.run_all();
  EXPECT_EQ(fans_.head(), (records::offset{0xaa, 9}));
  EXPECT_THAT(one.sink.packets(), ElementsAre(test_packet(microflow, "b", 9)));
}

TEST_F(fan_out_test, the_head_moves_on_where_nobody_listens) {
  driven_.publish(secret, "a");
  driven_.publish(secret, "a");
  EXPECT_EQ(fans_.head(), (records::offset{0xaa, 2}));
  EXPECT_EQ(driven_.scheduled, 0);
  EXPECT_EQ(counted_events(), 2U);
  EXPECT_EQ(counted_deliveries(), 0U);
}

TEST_F(fan_out_test, announces_in_turn_and_without_an_offset_what_no_log_has) {
  test_session stock(driven_, framing::stamped);
  test_session stamped(driven_, framing::stamped);
  test_session plain(driven_);
  fans_.subscribe(stamped.who, microflow, "a");
  fans_.subscribe(stamped.who, secret, "a");
  fans_.subscribe_whole(plain.who, secret);
  driven_.publish(microflow, "a");
  const records::offset head = fans_.head();
  for (records::event told : {test_event(secret, "a", 99), test_event(secret, "b", 98)}) {
    told.offset = {};
    fans_.announce(told);
  }
  EXPECT_EQ(fans_.head(), head);
  driven_.publish(microflow, "a");
  driven_.run_all();
  const auto packets = stamped.sink.packets();
  ASSERT_EQ(packets.size(), 3U);
  EXPECT_EQ(packets[1], test_packet(secret, "a", 99));
  EXPECT_THAT(plain.sink.packets(),
              testing::IsSupersetOf({test_packet(secret, "a", 99), test_packet(secret, "b", 98)}));
  EXPECT_EQ(stock.sink.packets().size(), 2U);
}

TEST_F(fan_out_test, sends_nothing_from_within_deliver) {
  test_session all(driven_);
  test_session keyed(driven_);
  fans_.subscribe(keyed.who, microflow, "a");
  driven_.publish(microflow, "a");
  EXPECT_EQ(all.sink.sends() + keyed.sink.sends(), 0U);
  EXPECT_EQ(driven_.scheduled, 1);
  driven_.publish(microflow, "a");
  EXPECT_EQ(driven_.scheduled, 1) << "one turn is enough";
  driven_.run_all();
  EXPECT_EQ(all.sink.packets().size(), 2U);
  EXPECT_EQ(all.sink.sends(), 1U);
  EXPECT_EQ(keyed.sink.packets().size(), 2U);
  EXPECT_EQ(keyed.sink.sends(), 1U);
}

TEST_F(fan_out_test, a_turn_serves_no_more_than_its_slice) {
  std::vector<std::unique_ptr<test_session>> all;
  all.reserve(10);
  for (int i = 0; i < 10; ++i)
    all.push_back(std::make_unique<test_session>(driven_));
  driven_.publish(microflow, "a");
  std::size_t before = 0;
  while (driven_.turn()) {
    std::size_t sends = 0;
    for (const auto& each : all)
      sends += each->sink.sends();
    EXPECT_LE(sends - before, 4U);
    before = sends;
  }
  EXPECT_EQ(before, 10U);
}

TEST_F(fan_out_test, one_that_subscribed_to_a_key_hears_that_alone_of_the_service) {
  test_session one(driven_);
  EXPECT_TRUE(fans_.subscribe(one.who, microflow, "a"));
  EXPECT_TRUE(one.who.selective());
  for (const char* key : {"a", "b", ""})
    driven_.publish(microflow, key);
  driven_.publish(orders, "x");
  driven_.publish(secret, "a");
  driven_.run_all();
  EXPECT_THAT(one.sink.packets(),
              ElementsAre(test_packet(microflow, "a", 1), test_packet(orders, "x", 4)));
}

TEST_F(fan_out_test, an_event_without_a_key_is_not_about_the_empty_key) {
  test_session one(driven_);
  fans_.subscribe(one.who, microflow, "");
  driven_.publish(microflow, "");
  driven_.run_all();
  EXPECT_THAT(one.sink.packets(), IsEmpty());
}

TEST_F(fan_out_test, a_service_that_does_not_broadcast_is_heard_by_choice_alone) {
  test_session by_key(driven_);
  test_session whole(driven_);
  test_session neither(driven_);
  EXPECT_TRUE(fans_.subscribe(by_key.who, secret, "a"));
  EXPECT_TRUE(fans_.subscribe_whole(whole.who, secret));
  driven_.publish(secret, "a");
  driven_.publish(secret, "b");
  driven_.publish(microflow, "c");
  driven_.run_all();
  EXPECT_THAT(by_key.sink.packets(),
              ElementsAre(test_packet(secret, "a", 1), test_packet(microflow, "c", 3)));
  EXPECT_THAT(whole.sink.packets(),
              ElementsAre(test_packet(secret, "a", 1), test_packet(secret, "b", 2),
                          test_packet(microflow, "c", 3)));
  EXPECT_THAT(neither.sink.packets(), ElementsAre(test_packet(microflow, "c", 3)));
}

TEST_F(fan_out_test, subscribing_and_unsubscribing_are_idempotent) {
  test_session one(driven_);
  EXPECT_FALSE(fans_.unsubscribe(one.who, microflow, "a"));
  EXPECT_FALSE(one.who.selective());
  EXPECT_TRUE(fans_.subscribe(one.who, microflow, "a"));
  EXPECT_FALSE(fans_.subscribe(one.who, microflow, "a"));
  EXPECT_EQ(one.who.subscriptions(), 1U);
  driven_.publish(microflow, "a");
  driven_.run_all();
  EXPECT_EQ(one.sink.packets().size(), 1U);
  EXPECT_TRUE(fans_.unsubscribe(one.who, microflow, "a"));
  EXPECT_FALSE(fans_.unsubscribe(one.who, microflow, "a"));
  EXPECT_EQ(one.who.subscriptions(), 0U);
  driven_.publish(microflow, "a");
  driven_.run_all();
  EXPECT_EQ(one.sink.packets().size(), 1U) << "it chose, and what it chose is nothing now";
}

TEST_F(fan_out_test, the_whole_service_and_its_keys_replace_each_other) {
  test_session one(driven_);
  EXPECT_FALSE(fans_.subscribe_whole(one.who, microflow)) << "it hears that already";
  EXPECT_FALSE(one.who.selective());
  fans_.subscribe(one.who, microflow, "a");
  fans_.subscribe(one.who, microflow, "b");
  EXPECT_TRUE(fans_.subscribe_whole(one.who, microflow));
  EXPECT_FALSE(fans_.subscribe_whole(one.who, microflow));
  EXPECT_EQ(one.who.subscriptions(), 0U);
  driven_.publish(microflow, "a");
  driven_.publish(microflow, "c");
  driven_.run_all();
  EXPECT_EQ(one.sink.packets().size(), 2U);
  EXPECT_TRUE(fans_.subscribe(one.who, microflow, "c"));
  driven_.publish(microflow, "a");
  driven_.publish(microflow, "c");
  driven_.run_all();
  EXPECT_THAT(one.sink.packets(),
              ElementsAre(test_packet(microflow, "a", 1), test_packet(microflow, "c", 2),
                          test_packet(microflow, "c", 4)));
}

TEST_F(fan_out_test, a_whole_service_can_be_unsubscribed_from) {
  test_session one(driven_);
  EXPECT_FALSE(fans_.unsubscribe_whole(one.who, secret));
  EXPECT_TRUE(fans_.unsubscribe_whole(one.who, microflow));
  EXPECT_FALSE(fans_.unsubscribe_whole(one.who, microflow));
  driven_.publish(microflow, "a");
  driven_.publish(orders, "a");
  driven_.run_all();
  EXPECT_THAT(one.sink.packets(), ElementsAre(test_packet(orders, "a", 2)));
}

TEST_F(fan_out_test, a_choice_between_a_publish_and_its_turn_takes_nothing_away) {
  test_session one(driven_);
  driven_.publish(microflow, "a");
  fans_.subscribe(one.who, microflow, "b");
  driven_.publish(microflow, "b");
  driven_.publish(microflow, "c");
  fans_.unsubscribe(one.who, microflow, "b");
  driven_.run_all();
  EXPECT_THAT(one.sink.packets(),
              ElementsAre(test_packet(microflow, "a", 1), test_packet(microflow, "b", 2)));
}

TEST_F(fan_out_test, a_blocked_listener_that_makes_a_choice_keeps_what_it_is_owed) {
  test_session one(driven_, framing::plain, 10);
  driven_.publish(microflow, "a");
  driven_.run_all();
  driven_.publish(microflow, "b");
  fans_.subscribe(one.who, microflow, "c");
  driven_.publish(microflow, "c");
  driven_.run_all();
  EXPECT_EQ(one.sink.bytes().size(), 10U);
  one.open();
  EXPECT_THAT(one.sink.packets(),
              ElementsAre(test_packet(microflow, "a", 1), test_packet(microflow, "b", 2),
                          test_packet(microflow, "c", 3)));
}

TEST_F(fan_out_test, stamped_listeners_get_offsets_and_plain_ones_do_not) {
  test_session plain(driven_, framing::plain);
  test_session stamped(driven_, framing::stamped);
  test_session stamped_keyed(driven_, framing::stamped);
  fans_.subscribe(stamped_keyed.who, microflow, "a");
  driven_.publish(microflow, "a");
  driven_.run_all();
  const std::string packet = test_packet(microflow, "a", 1);
  const std::string with_offset = packet.substr(0, packet.size() - 1) + R"(,"00000000000000aa-1"])";
  EXPECT_THAT(plain.sink.packets(), ElementsAre(packet));
  EXPECT_THAT(stamped.sink.packets(), ElementsAre(with_offset));
  EXPECT_THAT(stamped_keyed.sink.packets(), ElementsAre(with_offset));
  EXPECT_EQ(counted_deliveries(), 3U);
}

TEST_F(fan_out_test, a_slow_listener_is_ended_at_the_limit_and_costs_no_one) {
  test_session slow(driven_, framing::plain, 0);
  test_session slow_stamped(driven_, framing::stamped, 0);
  test_session good(driven_);
  while (driven_.position < 60) {
    driven_.publish(microflow, "a");
    driven_.run_all();
  }
  EXPECT_EQ(slow.sink.overruns(), 1U);
  EXPECT_EQ(slow_stamped.sink.overruns(), 1U);
  EXPECT_EQ(good.sink.overruns(), 0U);
  EXPECT_EQ(good.sink.packets().size(), 60U);
  EXPECT_EQ(fans_.listeners(), 3U) << "until its session leaves";
  EXPECT_FALSE(fans_.subscribe(slow.who, microflow, "a"));
  EXPECT_FALSE(fans_.subscribe_whole(slow.who, secret));
  fans_.flush(slow.who);
  slow.open();
  fans_.hold(slow.who);
  fans_.release(slow.who);
  driven_.publish(microflow, "a");
  driven_.run_all();
  EXPECT_EQ(slow.sink.bytes(), "");
  fans_.leave(slow.who);
  EXPECT_EQ(fans_.listeners(), 2U);
}

TEST_F(fan_out_test, publishers_are_not_made_to_wait_for_a_laggard) {
  test_session slow(driven_, framing::plain, 0);
  test_session good(driven_);
  for (int i = 0; i < 18; ++i)
    driven_.publish(microflow, "a");
  EXPECT_TRUE(fans_.congested());
  EXPECT_GT(fans_.counters().waiting_bytes.value(), 600U);
  driven_.run_all();
  EXPECT_EQ(slow.sink.overruns(), 0U);
  EXPECT_FALSE(fans_.congested());
  EXPECT_EQ(fans_.counters().waiting_bytes.value(), 0U);
}

TEST_F(fan_out_test, what_selective_listeners_wait_for_congests_too) {
  test_session one(driven_);
  fans_.subscribe(one.who, microflow, "a");
  for (int i = 0; i < 18; ++i)
    driven_.publish(microflow, "a");
  EXPECT_TRUE(fans_.congested());
  driven_.run_all();
  EXPECT_FALSE(fans_.congested());
}

TEST_F(fan_out_test, held_listeners_are_sent_all_in_order_at_release) {
  test_session ring(driven_);
  test_session keyed(driven_);
  fans_.subscribe(keyed.who, microflow, "a");
  for (test_session* each : {&ring, &keyed})
    fans_.hold(each->who);
  driven_.publish(microflow, "a");
  driven_.run_all();
  driven_.publish(microflow, "a");
  for (test_session* each : {&ring, &keyed}) {
    fans_.flush(each->who);
    EXPECT_EQ(each->sink.sends(), 0U);
    fans_.release(each->who);
  }
  driven_.publish(microflow, "a");
  driven_.run_all();
  for (test_session* each : {&ring, &keyed}) {
    EXPECT_THAT(each->sink.packets(),
                ElementsAre(test_packet(microflow, "a", 1), test_packet(microflow, "a", 2),
                            test_packet(microflow, "a", 3)));
  }
}

// What its session sends while it is held does not land in the middle of a frame.
TEST_F(fan_out_test, a_listener_is_given_what_it_is_owed_before_it_is_held) {
  test_session blocked(driven_, framing::plain, 3);
  test_session queued(driven_);
  fans_.subscribe(queued.who, microflow, "a");
  driven_.publish(microflow, "a");
  driven_.turn();
  driven_.publish(microflow, "a");
  for (test_session* each : {&blocked, &queued}) {
    fans_.hold(each->who);
    fans_.hold(each->who);
    const std::size_t sends = each->sink.sends();
    each->open();
    EXPECT_THAT(each->sink.packets(),
                ElementsAre(test_packet(microflow, "a", 1), test_packet(microflow, "a", 2)));
    driven_.run_all();
    fans_.release(each->who);
    EXPECT_EQ(each->sink.sends(), sends);
  }
}

TEST_F(fan_out_test, a_held_listener_may_choose) {
  test_session one(driven_);
  fans_.hold(one.who);
  driven_.publish(microflow, "a");
  fans_.subscribe(one.who, microflow, "b");
  driven_.publish(microflow, "b");
  driven_.publish(microflow, "a");
  driven_.run_all();
  EXPECT_EQ(one.sink.sends(), 0U);
  fans_.release(one.who);
  EXPECT_THAT(one.sink.packets(),
              ElementsAre(test_packet(microflow, "a", 1), test_packet(microflow, "b", 2)));
}

TEST_F(fan_out_test, releasing_one_that_missed_nothing_sends_nothing) {
  test_session ring(driven_);
  test_session keyed(driven_);
  fans_.hold(ring.who);
  fans_.hold(keyed.who);
  fans_.subscribe(keyed.who, microflow, "b");
  for (test_session* each : {&ring, &keyed}) {
    fans_.release(each->who);
    fans_.release(each->who);
    EXPECT_EQ(each->sink.sends(), 0U);
  }
}

TEST_F(fan_out_test, a_listener_may_be_held_before_it_joins) {
  test_session other(driven_);
  fake_sink sink;
  listener who(sink, framing::plain);
  fans_.hold(who);
  fans_.join(who);
  driven_.publish(microflow, "a");
  driven_.run_all();
  EXPECT_EQ(sink.sends(), 0U);
  fans_.release(who);
  EXPECT_EQ(sink.packets().size(), 1U);
  fans_.leave(who);
}

TEST_F(fan_out_test, a_held_listener_is_ended_at_the_limit) {
  test_session ring(driven_);
  test_session keyed(driven_);
  test_session good(driven_);
  fans_.subscribe(keyed.who, microflow, "a");
  fans_.hold(ring.who);
  fans_.hold(keyed.who);
  while (driven_.position < 60) {
    driven_.publish(microflow, "a");
    driven_.run_all();
  }
  for (test_session* each : {&ring, &keyed}) {
    EXPECT_EQ(each->sink.overruns(), 1U);
    fans_.release(each->who);
    EXPECT_EQ(each->sink.sends(), 0U);
  }
  EXPECT_EQ(good.sink.packets().size(), 60U);
  const std::uint64_t before = counted_deliveries();
  driven_.publish(microflow, "a");
  EXPECT_EQ(counted_deliveries() - before, 1U) << "one that was ended is owed nothing";
}

TEST_F(fan_out_test, flush_gives_a_session_what_it_is_owed_before_its_own_packet) {
  test_session ring(driven_);
  test_session keyed(driven_);
  test_session blocked(driven_, framing::plain, 3);
  fans_.subscribe(keyed.who, microflow, "a");
  driven_.publish(microflow, "a");
  for (test_session* each : {&ring, &keyed, &blocked}) {
    fans_.flush(each->who);
    each->sink.write_all("!");
  }
  driven_.run_all();
  blocked.open();
  for (test_session* each : {&ring, &keyed, &blocked}) {
    EXPECT_EQ(each->sink.bytes().back(), '!');
    EXPECT_EQ(std::count(each->sink.bytes().begin(), each->sink.bytes().end(), '['), 1);
  }
}

TEST_F(fan_out_test, sessions_come_and_go_between_a_publish_and_its_turn) {
  auto gone = std::make_unique<test_session>(driven_);
  auto gone_keyed = std::make_unique<test_session>(driven_);
  test_session stays(driven_);
  fans_.subscribe(gone_keyed->who, microflow, "a");
  driven_.publish(microflow, "a");
  gone.reset();
  gone_keyed.reset();
  test_session late(driven_);
  driven_.run_all();
  EXPECT_EQ(stays.sink.packets().size(), 1U);
  EXPECT_EQ(late.sink.packets().size(), 0U);
  EXPECT_EQ(fans_.interests_here().keys(), 0U);
  EXPECT_EQ(fans_.listeners(), 2U);
}

TEST_F(fan_out_test, one_that_left_may_join_again_and_starts_afresh) {
  fake_sink sink(0);
  listener who(sink, framing::plain);
  fans_.join(who);
  fans_.subscribe(who, microflow, "a");
  fans_.hold(who);
  driven_.publish(microflow, "a");
  driven_.run_all();
  fans_.leave(who);
  fans_.leave(who);
  EXPECT_EQ(who.subscriptions(), 0U);
  EXPECT_FALSE(sink.open());
  fans_.join(who);
  driven_.publish(microflow, "b");
  driven_.run_all();
  EXPECT_THAT(sink.packets(), ElementsAre(test_packet(microflow, "b", 2)));
  fans_.leave(who);
  EXPECT_EQ(fans_.listeners(), 0U);
}

TEST_F(fan_out_test, a_batch_goes_out_in_the_order_of_the_log) {
  test_session ring(driven_);
  test_session keyed(driven_);
  fans_.subscribe(keyed.who, microflow, "a");
  fans_.deliver({test_event(microflow, "a", 1), test_event(orders, "b", 2),
                 test_event(microflow, "c", 3), test_event(microflow, "a", 4)});
  driven_.run_all();
  EXPECT_THAT(ring.sink.packets(),
              ElementsAre(test_packet(microflow, "a", 1), test_packet(orders, "b", 2),
                          test_packet(microflow, "c", 3), test_packet(microflow, "a", 4)));
  EXPECT_THAT(keyed.sink.packets(),
              ElementsAre(test_packet(microflow, "a", 1), test_packet(orders, "b", 2),
                          test_packet(microflow, "a", 4)));
  EXPECT_EQ(counted_deliveries(), 7U);
  EXPECT_EQ(counted_events(), 4U);
}

std::shared_ptr<const records::key_patterns> only(std::string_view pattern) {
  records::key_patterns made;
  made.add(pattern);
  return std::make_shared<const records::key_patterns>(std::move(made));
}

TEST_F(fan_out_test, a_narrowed_listener_hears_its_keys_of_the_whole_alone) {
  test_session one(driven_);
  fans_.narrow(one.who, microflow, only("a*"));
  driven_.publish(microflow, "b");
  driven_.publish(microflow, "a1");
  driven_.publish(microflow, "");
  driven_.publish(orders, "b");
  driven_.run_all();
  EXPECT_THAT(one.sink.packets(),
              ElementsAre(test_packet(microflow, "a1", 2), test_packet(orders, "b", 4)));
  fans_.narrow(one.who, microflow, nullptr);
  driven_.publish(microflow, "b");
  driven_.run_all();
  EXPECT_EQ(one.sink.packets().back(), test_packet(microflow, "b", 5));
}

TEST_F(fan_out_test, a_listener_that_is_narrowed_loses_the_keys_that_it_may_not_hear) {
  test_session one(driven_);
  fans_.subscribe(one.who, secret, "a");
  fans_.subscribe(one.who, secret, "b");
  fans_.narrow(one.who, secret, only("b"));
  driven_.publish(secret, "a");
  driven_.publish(secret, "b");
  driven_.run_all();
  EXPECT_THAT(one.sink.packets(), ElementsAre(test_packet(secret, "b", 2)));
  EXPECT_EQ(one.who.subscriptions(), 1U);
}

TEST_F(fan_out_test, narrowing_nothing_changes_nothing) {
  test_session one(driven_);
  fans_.narrow(one.who, microflow, nullptr);
  EXPECT_FALSE(one.who.selective());
}

}  // namespace
}  // namespace flowcast::hub
