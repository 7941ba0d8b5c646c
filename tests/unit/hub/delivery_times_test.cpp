#include "hub/delivery_times.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/hub/fan_out_fixture.hpp"

namespace flowcast::hub {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

std::uint64_t counted(const fan_out& fans) {
  operations::histogram_reading sum;
  fans.times().taken().add_to(sum);
  return sum.count();
}

class noting_watch final : public delivery_watch {
 public:
  void on_event(const records::event& event, std::size_t listeners) override {
    events.emplace_back(event.offset.position, listeners);
  }
  void on_delivered(const records::offset& offset, std::chrono::nanoseconds took) override {
    EXPECT_GE(took.count(), 0);
    delivered.push_back(offset.position);
  }
  std::vector<std::pair<std::uint64_t, std::size_t>> events;
  std::vector<std::uint64_t> delivered;
};

TEST(delivery_times, count_an_event_once_when_its_last_listener_has_had_it) {
  driven_fan_out driven({.slice = 2});
  test_session a(driven);
  test_session b(driven);
  test_session c(driven, framing::stamped);
  test_session chosen(driven);
  driven.fans.subscribe(chosen.who, microflow, "k");
  driven.publish(microflow, "k");
  EXPECT_EQ(counted(driven.fans), 0U);
  driven.run_all();
  EXPECT_EQ(counted(driven.fans), 1U);
  driven.publish(secret, "nobody");
  driven.run_all();
  EXPECT_EQ(counted(driven.fans), 1U) << "what nobody hears takes no time";
}

TEST(delivery_times, wait_for_those_whose_turn_comes_later) {
  driven_fan_out driven({.slice = 1});
  std::vector<std::unique_ptr<test_session>> sessions;
  for (int i = 0; i < 3; ++i) {
    sessions.push_back(std::make_unique<test_session>(driven));
    driven.fans.subscribe(sessions.back()->who, secret, "k");
  }
  driven.publish(secret, "k");
  ASSERT_TRUE(driven.turn());
  EXPECT_EQ(counted(driven.fans), 0U);
  driven.run_all();
  EXPECT_EQ(counted(driven.fans), 1U);
}

TEST(delivery_times, do_not_wait_for_a_socket_that_is_full) {
  driven_fan_out driven;
  test_session full(driven, framing::plain, 3);
  driven.publish(microflow, "k");
  driven.run_all();
  EXPECT_EQ(counted(driven.fans), 1U);
}

TEST(delivery_times, are_told_to_whoever_watches_with_how_many_listen) {
  driven_fan_out driven;
  noting_watch watch;
  test_session one(driven);
  driven.publish(microflow, "unwatched");
  driven.run_all();
  driven.fans.watch_with(&watch);
  driven.publish(microflow, "a");
  driven.publish(secret, "b");
  driven.run_all();
  EXPECT_THAT(watch.events, ElementsAre(Pair(2U, 1U), Pair(3U, 0U)));
  EXPECT_THAT(watch.delivered, ElementsAre(2U));
  driven.fans.watch_with(nullptr);
  driven.publish(microflow, "a");
  driven.run_all();
  EXPECT_EQ(watch.events.size(), 2U);
}

TEST(delivery_times, hold_under_a_load_that_never_ends) {
  driven_fan_out driven({.max_lag = 1'000'000, .slice = 1});
  std::vector<std::unique_ptr<test_session>> sessions;
  for (int i = 0; i < 5; ++i) {
    sessions.push_back(std::make_unique<test_session>(driven));
    driven.fans.subscribe(sessions.back()->who, secret, std::to_string(i));
  }
  for (int i = 0; i < 20'000; ++i) {
    driven.publish(secret, std::to_string(i % 5));
    driven.turn();
  }
  driven.run_all();
  EXPECT_EQ(counted(driven.fans), 20'000U);
}

TEST(fan_out_counts, say_how_many_subscribe_to_how_many_keys) {
  driven_fan_out driven;
  const auto& counts = driven.fans.interests_here().counts();
  {
    test_session one(driven);
    test_session two(driven);
    driven.fans.subscribe(one.who, secret, "a");
    driven.fans.subscribe(one.who, secret, "b");
    driven.fans.subscribe(two.who, secret, "a");
    driven.fans.subscribe_whole(two.who, orders);
    EXPECT_EQ(counts[secret].subscriptions.value(), 3U);
    EXPECT_EQ(counts[secret].keys.value(), 2U);
    EXPECT_EQ(driven.fans.listeners(), 2U);
    driven.fans.unsubscribe(one.who, secret, "b");
    EXPECT_EQ(counts[secret].keys.value(), 1U);
  }
  for (const auto& each : counts) {
    EXPECT_EQ(each.subscriptions.value(), 0U);
    EXPECT_EQ(each.keys.value(), 0U);
  }
  EXPECT_EQ(driven.fans.listeners(), 0U);
}

}  // namespace
}  // namespace flowcast::hub
