#include "protocol/base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace flowcast::protocol {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t not_a_digit = 0x80;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values = {};
  values.fill(not_a_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr std::array<std::uint8_t, 256> values = make_values();

constexpr std::uint32_t byte_of(char c) {
  return static_cast<unsigned char>(c);
}

}  // namespace

void append_base64(std::string& out, std::string_view bytes) {
  const std::size_t before = out.size();
  out.resize(before + (bytes.size() + 2) / 3 * 4, '=');
  char* to = out.data() + before;
  for (; bytes.size() >= 3; bytes.remove_prefix(3)) {
    const std::uint32_t group =
        byte_of(bytes[0]) << 16U | byte_of(bytes[1]) << 8U | byte_of(bytes[2]);
    *to++ = alphabet[group >> 18U];
    *to++ = alphabet[group >> 12U & 0x3fU];
    *to++ = alphabet[group >> 6U & 0x3fU];
    *to++ = alphabet[group & 0x3fU];
  }
  if (bytes.empty()) {
    return;
  }
  const std::uint32_t second = bytes.size() == 2 ? byte_of(bytes[1]) : 0U;
  const std::uint32_t group = byte_of(bytes[0]) << 16U | second << 8U;
  *to++ = alphabet[group >> 18U];
  *to++ = alphabet[group >> 12U & 0x3fU];
  if (bytes.size() == 2) {
    *to = alphabet[group >> 6U & 0x3fU];
  }
}

bool append_from_base64(std::string& out, std::string_view text) {
  if (text.size() % 4 == 0) {
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) {
      text.remove_suffix(1);
    }
  }
  out.reserve(out.size() + text.size() / 4 * 3 + 2);
  while (!text.empty()) {
    const std::string_view group = text.substr(0, 4);
    text.remove_prefix(group.size());
    std::uint32_t bits = 0;
    std::uint8_t seen = 0;
    for (const char c : group) {
      const std::uint8_t value = values[static_cast<unsigned char>(c)];
      seen |= value;
      bits = bits << 6U | value;
    }
    const std::size_t bytes = group.size() * 6 / 8;
    const auto spare = static_cast<unsigned>(group.size() * 6 - bytes * 8);
    if ((seen & not_a_digit) != 0 || bytes == 0 || (bits & ((1U << spare) - 1)) != 0) {
      return false;
    }
    bits >>= spare;
    for (std::size_t i = bytes; i > 0; --i) {
      out += static_cast<char>(bits >> (i - 1) * 8 & 0xffU);
    }
  }
  return true;
}

}  // namespace flowcast::protocol
