#include "hub/hub.hpp"

#include <future>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "unit/hub/fan_out_fixture.hpp"

namespace flowcast::hub {
namespace {

class hub_test : public testing::Test {
 protected:
  hub_test() {
    for (unsigned i = 0; i < 3; ++i)
      shards_.push_back(std::make_unique<shard>(i));
    hub_ = std::make_unique<hub>(shards_, test_channels());
  }
  void TearDown() override {
    for (const auto& each : shards_)
      each->stop();
  }

  void start() {
    for (const auto& each : shards_)
      each->start();
  }
  // Runs `task` on the thread of a shard, and waits for it.
  template <class Task>
  void on(std::size_t index, Task task) {
    std::packaged_task<void()> run(std::move(task));
    std::future<void> done = run.get_future();
    shards_[index]->post(std::move(run));
    ASSERT_EQ(done.wait_for(std::chrono::seconds(30)), std::future_status::ready);
    done.get();
  }
  void publish(std::uint64_t from, std::uint64_t to) {
    auto batch = std::make_shared<std::vector<records::event>>();
    for (std::uint64_t position = from; position <= to; ++position)
      batch->push_back(test_event(microflow, position % 2 == 0 ? "even" : "odd", position));
    hub_->on_events(std::move(batch));
  }

  std::vector<std::unique_ptr<shard>> shards_;
  std::unique_ptr<hub> hub_;
};

TEST_F(hub_test, a_shard_that_catches_up_has_what_was_accepted_before) {
  start();
  fake_sink sink;
  listener who(sink, framing::plain);
  on(0, [&] {
    fan_out& fans = hub_->of(*shards_[0]);
    fans.join(who);
    publish(1, 3);
    EXPECT_EQ(fans.head().position, 0U) << "it has not looked yet";
    hub_->catch_up(*shards_[0]);
    EXPECT_EQ(fans.head().position, 3U);
    EXPECT_TRUE(sink.packets().empty()) << "nothing is sent from within";
    publish(4, 4);
  });
  on(0, [] {});
  on(0, [] {});
  on(0, [&] {
    EXPECT_EQ(sink.packets().size(), 4U) << "each once";
    hub_->of(*shards_[0]).leave(who);
  });
}

TEST_F(hub_test, hands_each_event_to_every_shard_in_order) {
  start();
  std::vector<std::unique_ptr<fake_sink>> sinks;
  std::vector<std::unique_ptr<listener>> listeners;
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    sinks.push_back(std::make_unique<fake_sink>());
    listeners.push_back(std::make_unique<listener>(*sinks[i], framing::plain));
    on(i, [&] { hub_->of(*shards_[i]).join(*listeners[i]); });
  }
  on(2, [&] { hub_->of(*shards_[2]).subscribe(*listeners[2], microflow, "even"); });

  for (std::uint64_t position = 1; position <= 2000; position += 4)
    publish(position, position + 3);

  for (std::size_t i = 0; i < shards_.size(); ++i) {
    // The turn that the last event asked for comes behind it: two tasks later it is over.
    on(i, [] {});
    on(i, [] {});
    on(i, [&] {
      fan_out& fans = hub_->of(*shards_[i]);
      EXPECT_EQ(fans.head().position, 2000U);
      const std::vector<std::string> packets = sinks[i]->packets();
      ASSERT_EQ(packets.size(), i == 2 ? 1000U : 2000U);
      for (std::size_t at = 0; at < packets.size(); ++at) {
        const std::uint64_t position = i == 2 ? 2 * (at + 1) : at + 1;
        ASSERT_EQ(packets[at],
                  test_packet(microflow, position % 2 == 0 ? "even" : "odd", position));
      }
      fans.leave(*listeners[i]);
    });
  }
  EXPECT_FALSE(hub_->congested());
}

TEST_F(hub_test, every_shard_starts_at_the_stores_head) {
  hub_->start_at({0xbb, 41});
  for (const auto& each : shards_)
    EXPECT_EQ(hub_->of(*each).head(), (records::offset{0xbb, 41}));
}

TEST_F(hub_test, what_was_posted_before_the_turn_comes_first) {
  start();
  fake_sink sink;
  listener who(sink, framing::plain);
  on(0, [&] {
    hub_->of(*shards_[0]).join(who);
    hub_->of(*shards_[0]).deliver({test_event(microflow, "a", 1)});
  });
  on(0, [] {});
  on(0, [&] {
    EXPECT_EQ(sink.sends(), 1U);
    hub_->of(*shards_[0]).deliver({test_event(microflow, "b", 2)});
    EXPECT_EQ(sink.sends(), 1U);
    hub_->of(*shards_[0]).leave(who);
  });
}

TEST_F(hub_test, is_congested_while_one_shard_is) {
  std::vector<std::unique_ptr<shard>> shards;
  shards.push_back(std::make_unique<shard>(0U));
  shards.push_back(std::make_unique<shard>(1U));
  hub tight(shards, test_channels(), {.congested_at = 10});
  fake_sink sink;
  listener who(sink, framing::plain);
  tight.of(*shards[1]).join(who);
  EXPECT_FALSE(tight.congested());
  tight.of(*shards[1]).deliver({test_event(microflow, "a", 1)});
  EXPECT_TRUE(tight.congested());
  tight.of(*shards[1]).run();
  EXPECT_FALSE(tight.congested());
  tight.of(*shards[1]).leave(who);
}

TEST(shard, runs_what_is_posted_in_order_and_stops_twice) {
  shard one(0);
  std::vector<int> ran;
  std::promise<void> done;
  for (int i = 0; i < 100; ++i)
    one.post([&ran, i] { ran.push_back(i); });
  one.post([&done] { done.set_value(); });
  one.start();
  ASSERT_EQ(done.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
  one.stop();
  one.stop();
  ASSERT_EQ(ran.size(), 100U);
  EXPECT_TRUE(std::is_sorted(ran.begin(), ran.end()));
}

TEST(shard, drops_what_is_still_posted_when_it_never_ran) {
  const auto token = std::make_shared<int>(1);
  {
    shard one(0);
    one.post([token] {});
    EXPECT_EQ(token.use_count(), 2);
  }
  EXPECT_EQ(token.use_count(), 1);
}

}  // namespace
}  // namespace flowcast::hub
