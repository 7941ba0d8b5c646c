#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hub/fan_out.hpp"
#include "support/allocation_count.hpp"
#include "unit/hub/fan_out_fixture.hpp"

namespace flowcast::hub {
namespace {

// Takes all and keeps nothing.
class counting_sink final : public frame_sink {
 public:
  std::size_t write_some(std::string_view frames) override {
    ++sends;
    return frames.size();
  }
  void write_all(std::string_view /*frames*/) override { ++sends; }
  void overrun(std::string_view /*rest*/) override {}
  std::size_t sends = 0;
};

struct session {
  explicit session(framing frames) : who(sink, frames) {}
  counting_sink sink;
  listener who;
};

class hub_allocations_test : public testing::Test {
 protected:
  static constexpr std::size_t many = 500;

  hub_allocations_test() {
    for (std::size_t i = 0; i < many; ++i) {
      sessions_.push_back(
          std::make_unique<session>(i % 2 == 0 ? framing::plain : framing::stamped));
      driven_.fans.join(sessions_.back()->who);
    }
    for (std::uint64_t position = 1; position <= 8; ++position)
      batch_.push_back(test_event(microflow, "a", position));
  }
  void TearDown() override {
    for (const auto& each : sessions_)
      driven_.fans.leave(each->who);
  }

  void publish_and_run() {
    driven_.fans.deliver(batch_);
    driven_.run_all();
  }
  // Each event's offset is written into a string of its own, once for all its listeners.
  [[nodiscard]] std::size_t allowed() const { return batch_.size(); }

  driven_fan_out driven_;
  std::vector<std::unique_ptr<session>> sessions_;
  std::vector<records::event> batch_;
};

TEST_F(hub_allocations_test, the_counter_counts) {
  const std::size_t before = allocation_count();
  const auto one = std::make_unique<int>(1);
  EXPECT_EQ(allocation_count() - before, 1U);
}

TEST_F(hub_allocations_test, a_warm_ring_delivers_without_allocating) {
  for (int i = 0; i < 10; ++i)
    publish_and_run();
  const std::size_t before = allocation_count();
  publish_and_run();
  EXPECT_LE(allocation_count() - before, allowed());
}

TEST_F(hub_allocations_test, a_warm_queue_delivers_without_allocating) {
  for (const auto& each : sessions_)
    driven_.fans.subscribe(each->who, microflow, "a");
  for (int i = 0; i < 10; ++i)
    publish_and_run();
  const std::size_t before = allocation_count();
  publish_and_run();
  EXPECT_LE(allocation_count() - before, allowed());
}

}  // namespace
}  // namespace flowcast::hub
