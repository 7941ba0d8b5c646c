#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace flowcast::protocol {

void append_decimal(std::string& out, std::uint64_t number);

// Takes the decimal digits that `text` begins with off its front: their value, or nothing if there
// are none or more than `max_digits` (at most 19, so that no value overflows). Leading zeros count.
[[nodiscard]] std::optional<std::uint64_t> take_decimal(std::string_view& text,
                                                        unsigned max_digits);

// What all of the text says, as the decimal number it is, with a '-' where the type has one;
// nothing for any other text and for what does not fit. Leading zeros count.
template <std::integral Number>
[[nodiscard]] std::optional<Number> whole_number(std::string_view text) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, fault] = std::from_chars(text.data(), end, number);
  return fault == std::errc() && stopped == end ? std::optional(number) : std::nullopt;
}

[[nodiscard]] constexpr bool is_decimal_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace flowcast::protocol
