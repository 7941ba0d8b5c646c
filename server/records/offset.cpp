#include "records/offset.hpp"

#include <array>
#include <cstddef>

#include "protocol/decimal.hpp"

namespace flowcast::records {

namespace {

constexpr std::size_t epoch_digits = 16;
constexpr std::string_view hexadecimal = "0123456789abcdef";

}  // namespace

std::string to_string(const offset& at) {
  std::array<char, epoch_digits + 1 + 20> text = {};
  for (std::size_t i = 0; i < epoch_digits; ++i) {
    text[i] = hexadecimal[at.epoch >> 4 * (epoch_digits - 1 - i) & 0xfU];
  }
  text[epoch_digits] = '-';
  const auto end =
      std::to_chars(text.data() + epoch_digits + 1, text.data() + text.size(), at.position).ptr;
  return {text.data(), end};
}

std::optional<offset> parse_offset(std::string_view text) {
  if (text.size() < epoch_digits + 2 || text[epoch_digits] != '-') {
    return std::nullopt;
  }
  offset at;
  for (const char c : text.substr(0, epoch_digits)) {
    const std::size_t digit = hexadecimal.find(c);
    if (digit == std::string_view::npos) {
      return std::nullopt;
    }
    at.epoch = at.epoch << 4U | digit;
  }
  const std::string_view position = text.substr(epoch_digits + 1);
  if (position.front() == '0' && position.size() > 1) {
    return std::nullopt;
  }
  const auto number = protocol::whole_number<std::uint64_t>(position);
  if (!number) {
    return std::nullopt;
  }
  at.position = *number;
  return at;
}

}  // namespace flowcast::records
