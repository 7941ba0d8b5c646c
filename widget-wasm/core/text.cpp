#include "core/text.hpp"

#include <cstddef>
#include <limits>

namespace flowcast::core {

std::string_view take_text(text_list& list) {
  std::size_t end = 0;
  while (end != list.size() && list[end] != '\0') {
    ++end;
  }
  const std::string_view text(list.data(), end);
  list.remove_prefix(end == list.size() ? end : end + 1);
  return text;
}

bool has_text(text_list list, std::string_view text) {
  while (!list.empty()) {
    if (take_text(list) == text) {
      return true;
    }
  }
  return false;
}

bool take_number(std::string_view& text, std::uint32_t& number) {
  constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t value = 0;
  std::size_t digits = 0;
  for (; digits != text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    const auto digit = static_cast<std::uint32_t>(text[digits] - '0');
    if (value > (most - digit) / 10) {
      return false;
    }
    value = value * 10 + digit;
  }
  text.remove_prefix(digits);
  number = value;
  return digits != 0;
}

void append(std::string& out, char c) {
  out.append(&c, 1);
}

void append_number(std::string& out, std::uint32_t number) {
  if (number >= 10) {
    append_number(out, number / 10);
  }
  append(out, static_cast<char>('0' + number % 10));
}

}  // namespace flowcast::core
