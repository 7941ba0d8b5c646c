#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flowcast::records {

// A position in the log of one epoch. The epoch is drawn once for each log ever made, so positions
// of another log are never mistaken for one's own. Position 0 is before the first event.
struct offset {
  std::uint64_t epoch = 0;
  std::uint64_t position = 0;

  friend bool operator==(const offset&, const offset&) = default;
};

// The form that clients hold and hand back, opaque to them: sixteen hexadecimal digits of the
// epoch, a dash and the position in decimal. No character in it needs escaping in JSON or in a URL.
[[nodiscard]] std::string to_string(const offset& at);

// Accepts exactly what to_string writes.
[[nodiscard]] std::optional<offset> parse_offset(std::string_view text);

}  // namespace flowcast::records
