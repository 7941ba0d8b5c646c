#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flowcast::protocol {

void append_decimal(std::string& out, std::uint64_t number);

// Takes the decimal digits that `text` begins with off its front: their value, or nothing if there
// are none or more than `max_digits` (at most 19, so that no value overflows). Leading zeros count.
[[nodiscard]] std::optional<std::uint64_t> take_decimal(std::string_view& text,
                                                        unsigned max_digits);

[[nodiscard]] constexpr bool is_decimal_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace flowcast::protocol
