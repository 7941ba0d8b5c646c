#pragma once

#include <cstddef>
#include <utility>

#include "stores/event_store.hpp"

namespace flowcast::stores {

// Collects what a read gives, and ends it at its limits.
class log_page_builder {
 public:
  explicit log_page_builder(const log_read& request) : request_(request) {
    page_.next = request.after.position;
  }

  // False if the page is full without it: nothing more is to be added.
  [[nodiscard]] bool add(records::event event);
  // All there is was added.
  [[nodiscard]] log_page finish();
  [[nodiscard]] log_page finish_full() { return std::move(page_); }

 private:
  const log_read& request_;
  log_page page_;
  std::size_t bytes_ = 0;
};

// Whether a log with this head can be asked so, by a store with so many services; takes `up_to`
// back to the head.
[[nodiscard]] result<void> check_log_read(log_read& request, const records::offset& head,
                                          std::size_t services);

// The error of a read that would need what the log does not have.
[[nodiscard]] records::error offset_gone();

}  // namespace flowcast::stores
