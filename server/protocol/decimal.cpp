#include "protocol/decimal.hpp"

#include <array>
#include <cstddef>

namespace flowcast::protocol {

void append_decimal(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits = {};
  std::size_t at = digits.size();
  do {
    digits[--at] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  out.append(digits.data() + at, digits.size() - at);
}

std::optional<std::uint64_t> take_decimal(std::string_view& text, unsigned max_digits) {
  std::uint64_t number = 0;
  unsigned digits = 0;
  while (digits < text.size() && is_decimal_digit(text[digits])) {
    if (digits == max_digits) {
      return {};
    }
    number = number * 10 + static_cast<std::uint64_t>(text[digits] - '0');
    ++digits;
  }
  if (digits == 0) {
    return {};
  }
  text.remove_prefix(digits);
  return number;
}

}  // namespace flowcast::protocol
