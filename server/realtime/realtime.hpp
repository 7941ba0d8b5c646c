#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "auth/authenticator.hpp"
#include "hub/hub.hpp"
#include "operations/log.hpp"
#include "operations/metrics.hpp"
#include "operations/rejections.hpp"
#include "realtime/client.hpp"
#include "realtime/engine_server.hpp"
#include "realtime/resumable_sessions.hpp"
#include "realtime/status_board.hpp"

namespace flowcast::realtime {

// The realtime part of every shard, put together. Made before the shards start, destroyed after
// they have stopped.
class realtime final : public operations::metric_source {
 public:
  struct parts {
    const std::vector<std::unique_ptr<hub::shard>>& shards;
    hub::hub& events;
    const services::service_registry& services;
    stores::event_store& store;
    operations::log& log;
    const auth::authenticator& auth;
    services::publish_rate& rate;
    operations::rejections& refused;
  };

  realtime(const parts& with, const engine_options& options, const subscription_limits& limits = {},
           resumable_sessions::limits remembered = {});
  ~realtime() override;
  realtime(const realtime&) = delete;
  realtime& operator=(const realtime&) = delete;

  [[nodiscard]] endpoint& of(const hub::shard& which) { return *engines_[which.index()]; }
  // Sends away whose token has been revoked. From any thread.
  void check_tokens();

  [[nodiscard]] const std::vector<engine_server*>& engines() const { return engines_; }

  // Sessions that are on a websocket. From any thread.
  [[nodiscard]] std::uint64_t websockets() const;
  void write_metrics(operations::metric_text& to) const override;

  // Ends all sessions, spread over `spread`, and calls `done` once, on some shard's thread. From
  // any thread.
  void drain(std::chrono::milliseconds spread, const std::function<void()>& done);

 private:
  struct place;

  // Of a counter, over the shards.
  template <class Part>
  [[nodiscard]] std::uint64_t sum_of(Part part) const;

  resumable_sessions resumable_;
  std::vector<std::unique_ptr<place>> places_;
  std::vector<engine_server*> engines_;
  std::unique_ptr<status_board> board_;
};

}  // namespace flowcast::realtime
