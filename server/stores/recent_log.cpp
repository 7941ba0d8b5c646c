#include "stores/recent_log.hpp"

#include <algorithm>
#include <utility>

#include "stores/log_page_builder.hpp"

namespace flowcast::stores {

recent_log::recent_log(records::offset head, std::size_t services, std::size_t most_bytes)
    : epoch_(head.epoch),
      most_bytes_(most_bytes),
      head_(head.position),
      tail_(head.position),
      trimmed_(services) {}

void recent_log::append(const batch& events, std::vector<std::uint64_t> trimmed) {
  const std::lock_guard lock(mutex_);
  if (events) {
    for (const records::event& each : *events) {
      tail_.append({events, &each});
    }
    tail_.shrink_to(most_bytes_);
    head_.store(events->back().offset.position, std::memory_order_release);
  }
  trimmed_ = std::move(trimmed);
}

void recent_log::pass(std::uint64_t position) {
  head_.store(position, std::memory_order_release);
}

std::optional<result<log_page>> recent_log::read(const log_read& request) {
  const std::lock_guard lock(mutex_);
  if (request.after.position < tail_.before()) {
    return std::nullopt;
  }
  const bool trimmed = std::any_of(
      request.filters.begin(), request.filters.end(),
      [&](const log_filter& filter) { return request.after.position < trimmed_[filter.service]; });
  if (trimmed) {
    return result<log_page>(offset_gone());
  }
  return result<log_page>(tail_.read(request));
}

}  // namespace flowcast::stores
