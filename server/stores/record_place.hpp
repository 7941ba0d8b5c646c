#pragma once

#include <cstdint>
#include <optional>

#include "records/record_id.hpp"

// Where a record stands among those of its service: numbers first and by their size, then all
// others as they came, as in a JavaScript object.
namespace flowcast::stores {

using record_place = std::uint64_t;

// Places of ids that are no numbers begin here; numbers from here on are treated as text.
inline constexpr record_place first_named_place = record_place{1} << 62U;

// The place of an id that has one of its own.
[[nodiscard]] inline std::optional<record_place> numbered_place(const records::record_id& id) {
  const std::optional<std::int64_t> number = id.number();
  if (!number || static_cast<record_place>(*number) >= first_named_place) {
    return std::nullopt;
  }
  return static_cast<record_place>(*number);
}

// The place of any other id, made at a position of the log.
[[nodiscard]] constexpr record_place named_place(std::uint64_t position) {
  return first_named_place + position;
}

}  // namespace flowcast::stores
