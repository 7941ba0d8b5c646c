#pragma once

#include <chrono>
#include <mutex>
#include <vector>

#include "stores/nats_handle.hpp"
#include "stores/nats_link.hpp"

namespace flowcast::stores {

// Subscriptions that nobody reads any more, kept for as long as the library may use them.
//
// The library's thread that reads the connection finds the subscription of a message in a table,
// and uses it a moment later without keeping it alive (libnats 3.4). One that is freed in between
// crashes that thread, or has it wait for ever for a lock that is gone: and then also whoever
// closes the connection. Thread-safe.
class spent_subscriptions {
 public:
  // Ends the subscription, without freeing it.
  void add(nats_subscription_handle one);
  // Frees those that are not in use for sure, if the server answers within `patience`.
  void free_unused(natsConnection* connection, std::chrono::milliseconds patience);
  // Frees all. Once the connection is closed.
  void clear();

 private:
  std::mutex mutex_;
  std::vector<nats_subscription_handle> kept_;
};

// Reads what an ordered consumer delivers. What it leaves behind goes to `spent`, which outlives
// it.
class ordered_reader final : public stream_reader {
 public:
  ordered_reader(nats_subscription_handle subscription, spent_subscriptions& spent);
  ordered_reader(const ordered_reader&) = delete;
  ordered_reader& operator=(const ordered_reader&) = delete;
  ~ordered_reader() override;

  state next(stream_message& into, std::chrono::milliseconds wait) override;

 private:
  nats_subscription_handle subscription_;
  spent_subscriptions& spent_;
};

}  // namespace flowcast::stores
