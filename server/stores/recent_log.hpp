#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "stores/log_tail.hpp"

namespace flowcast::stores {

// The newest events of a log that is kept elsewhere, within a bound, and its head. Safe from
// several threads.
class recent_log {
 public:
  recent_log(records::offset head, std::size_t services, std::size_t most_bytes);

  using batch = std::shared_ptr<const std::vector<records::event>>;
  // `trimmed`: the last position that was trimmed, of each service.
  void append(const batch& events, std::vector<std::uint64_t> trimmed);
  // Moves the head past positions that hold no event.
  void pass(std::uint64_t position);

  // Without a value if the log must be read where it is kept.
  [[nodiscard]] std::optional<result<log_page>> read(const log_read& request);

  [[nodiscard]] records::offset head() const {
    return {epoch_, head_.load(std::memory_order_acquire)};
  }

 private:
  const std::uint64_t epoch_;
  const std::size_t most_bytes_;
  std::atomic<std::uint64_t> head_;
  std::mutex mutex_;
  log_tail tail_;
  std::vector<std::uint64_t> trimmed_;
};

}  // namespace flowcast::stores
