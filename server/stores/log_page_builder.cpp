#include "stores/log_page_builder.hpp"

#include <algorithm>

namespace flowcast::stores {

bool log_page_builder::add(records::event event) {
  const std::size_t weight = event.record.json.size();
  const bool full =
      page_.events.size() >= request_.max_events || bytes_ + weight > request_.max_bytes;
  if (full && !page_.events.empty()) {
    return false;
  }
  bytes_ += weight;
  page_.next = event.offset.position;
  page_.events.push_back(std::move(event));
  return true;
}

log_page log_page_builder::finish() {
  page_.next = std::max(page_.next, request_.up_to);
  page_.complete = true;
  return std::move(page_);
}

result<void> check_log_read(log_read& request, const records::offset& head, std::size_t services) {
  if (request.after.epoch != head.epoch || request.after.position > head.position) {
    return offset_gone();
  }
  if (std::any_of(request.filters.begin(), request.filters.end(),
                  [services](const log_filter& filter) { return filter.service >= services; })) {
    return records::error{records::errc::not_found, "There is no such service", {}, {}};
  }
  request.up_to = std::min(request.up_to, head.position);
  return {};
}

records::error offset_gone() {
  return {records::errc::offset_gone,
          "The log does not reach back to this offset: reload, and listen from the current one",
          {},
          {}};
}

}  // namespace flowcast::stores
