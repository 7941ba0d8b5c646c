#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "protocol/json_value.hpp"

namespace flowcast::protocol {

// What is wrong with a text that is not JSON.
enum class json_fault : std::uint8_t {
  none,
  unexpected_end,
  unexpected_character,
  bad_number,
  bad_escape,
  control_character,
  invalid_utf8,
  lone_surrogate,
  too_deep,
};

struct json_scan {
  json_value value;  // absent if the text is at fault
  json_fault fault = json_fault::none;
  std::size_t at = 0;  // the offset of the fault in bytes

  [[nodiscard]] explicit operator bool() const { return fault == json_fault::none; }
};

inline constexpr unsigned default_json_depth = 64;
inline constexpr unsigned highest_json_depth = 256;

// Checks that `text` is exactly one JSON value (RFC 8259), with white space around it or not, and
// gives it to be read in place. Stricter than the grammar where section 8.2 leaves it open: bytes
// must be well-formed UTF-8, and `\u` escapes must not spell half a surrogate pair. No number is
// refused for its size.
//
// `max_depth` is the number of arrays and objects that may be open at once, at most
// highest_json_depth. Constant memory; time linear in the text.
[[nodiscard]] json_scan scan_json(std::string_view text, unsigned max_depth = default_json_depth);

// "the text ends too early": for the message of an error, after which the offset may be told.
[[nodiscard]] std::string_view describe(json_fault fault);

}  // namespace flowcast::protocol
