#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "records/offset.hpp"
#include "records/record.hpp"

namespace flowcast::records {

// A service's place in the list that the store was opened with.
using service_index = std::uint32_t;

enum class event_type : std::uint8_t { created, updated, patched, removed };

[[nodiscard]] constexpr std::string_view to_string(event_type type) {
  switch (type) {
    case event_type::created:
      return "created";
    case event_type::updated:
      return "updated";
    case event_type::patched:
      return "patched";
    case event_type::removed:
      return "removed";
  }
  return "created";
}

// One accepted change of one record, as the log keeps it.
struct event {
  service_index service = 0;
  event_type type = event_type::created;
  records::record record;  // as it became; removed: as it was
  records::offset offset;  // none: it is in no log
  // When this process was asked for it; the epoch where it was not, or nobody remembers.
  std::chrono::steady_clock::time_point received{};
};

}  // namespace flowcast::records
