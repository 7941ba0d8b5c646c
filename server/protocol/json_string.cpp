#include "protocol/json_string.hpp"

#include <cstddef>
#include <cstdint>

namespace flowcast::protocol {

namespace {

std::uint32_t hex_digit(char c) {
  if (c <= '9') {
    return static_cast<std::uint32_t>(c - '0');
  }
  return static_cast<std::uint32_t>((c | 0x20) - 'a') + 10U;
}

// The code unit of `\uXXXX`, escape included.
std::uint32_t code_unit(std::string_view escape) {
  std::uint32_t unit = 0;
  for (const char c : escape.substr(2, 4)) {
    unit = unit << 4U | hex_digit(c);
  }
  return unit;
}

std::size_t encode_utf8(std::uint32_t code, std::array<char, 4>& out) {
  const auto tail = [code](unsigned shift) {
    return static_cast<char>(0x80U | ((code >> shift) & 0x3fU));
  };
  if (code < 0x80) {
    out[0] = static_cast<char>(code);
    return 1;
  }
  if (code < 0x800) {
    out = {static_cast<char>(0xc0U | code >> 6U), tail(0)};
    return 2;
  }
  if (code < 0x10000) {
    out = {static_cast<char>(0xe0U | code >> 12U), tail(6), tail(0)};
    return 3;
  }
  out = {static_cast<char>(0xf0U | code >> 18U), tail(12), tail(6), tail(0)};
  return 4;
}

char simple_escape(char letter) {
  switch (letter) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:  // quote, backslash and slash stand for themselves
      return letter;
  }
}

}  // namespace

std::string_view json_string_reader::next() {
  if (rest_.empty()) {
    return {};
  }
  if (rest_.front() != '\\') {
    const std::string_view run = rest_.substr(0, rest_.find('\\'));
    rest_.remove_prefix(run.size());
    return run;
  }
  std::size_t taken = 2;
  std::size_t length = 1;
  if (rest_[1] != 'u') {
    decoded_[0] = simple_escape(rest_[1]);
  } else {
    taken = 6;
    std::uint32_t code = code_unit(rest_);
    if (code >= 0xd800 && code <= 0xdbff) {  // checked text: its other half follows
      const std::uint32_t low = code_unit(rest_.substr(taken));
      code = 0x10000U + ((code - 0xd800U) << 10U) + (low - 0xdc00U);
      taken = 12;
    }
    length = encode_utf8(code, decoded_);
  }
  rest_.remove_prefix(taken);
  return {decoded_.data(), length};
}

}  // namespace flowcast::protocol
