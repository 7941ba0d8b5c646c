#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "stores/event_store.hpp"

namespace flowcast::stores {

// Wall-clock time: what outlives a restart is dated by it.
using wall_clock = std::function<std::chrono::system_clock::time_point()>;

// What every store is opened with.
struct store_options {
  std::vector<service_definition> services;

  // How long an idempotency key is remembered, and how many at most (the oldest are forgotten
  // first).
  std::chrono::seconds idempotency_window{3600};
  std::uint64_t most_idempotency_keys = 1'000'000;

  // Beyond these, a write is answered with errc::unavailable and a Retry-After of a second.
  std::size_t most_queued_bytes = 64U << 20U;
  std::size_t most_queued_reads = 10'000;

  // A patch or remove without an id that meets more records than this is refused.
  std::size_t most_changes = 10'000;

  // For stores on a disk: how large the file may grow (0: no limit), and how much must stay free
  // beside it. What would pass either is answered with errc::insufficient_storage; reading goes on.
  std::uint64_t most_file_bytes = 0;
  std::uint64_t least_free_bytes = 32U << 20U;

  // How much of the newest log such a store keeps in memory, from where clients recover that were
  // away for a moment.
  std::size_t recent_log_bytes = 16U << 20U;

  // For stores on a cluster: how long a write waits for one that does not take it (a failover takes
  // 4 to 18 seconds) before it is answered with errc::unavailable.
  std::chrono::milliseconds patience_with_cluster{20'000};

  wall_clock now = [] { return std::chrono::system_clock::now(); };
};

}  // namespace flowcast::stores
