#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "hub/fan_out.hpp"
#include "hub/shard.hpp"
#include "operations/metrics.hpp"
#include "stores/event_store.hpp"

namespace flowcast::hub {

// Hands what the store has accepted to every shard's fan_out, in log order.
class hub final : public stores::event_sink, public operations::metric_source {
 public:
  // One fan_out for each shard; the shards outlive the hub's last event.
  hub(const std::vector<std::unique_ptr<shard>>& shards, const std::vector<channel>& channels,
      fan_out_limits limits = {});

  // Before the shards start: where their heads stand.
  void start_at(const records::offset& head);

  // The store's thread.
  void on_events(std::shared_ptr<const std::vector<records::event>> batch) override;

  // Tells who listens to the event's key, on every shard; the log does not know of it. From any
  // thread.
  void announce(records::event event);

  // On the shard's thread: delivers at once what the store has accepted up to now. Whoever joins
  // after it is given no event as new whose publisher had its answer before.
  void catch_up(const shard& which) { deliver_inbox(*places_[which.index()]); }

  // On the shard's thread, but for what fan_out says is safe from any.
  fan_out& of(const shard& which) { return *places_[which.index()]->fans; }

  // From any thread: whether publishers should wait a moment, because some shard is behind.
  [[nodiscard]] bool congested() const;

  void write_metrics(operations::metric_text& to) const override;

 private:
  using event_batch = std::shared_ptr<const std::vector<records::event>>;
  struct place {
    explicit place(shard& which) : runs_on(&which) {}
    shard* runs_on;
    std::unique_ptr<fan_out> fans;
    std::mutex mutex;
    std::vector<event_batch> inbox;  // the shard has been told when this is not empty
    std::vector<event_batch> taken;  // by the shard, which alone touches it
  };

  static void deliver_inbox(place& here);
  // Over the shards.
  [[nodiscard]] std::uint64_t sum_of(
      const std::function<std::uint64_t(const fan_out&)>& part) const;

  std::vector<channel> channels_;
  std::vector<std::unique_ptr<place>> places_;
};

}  // namespace flowcast::hub
