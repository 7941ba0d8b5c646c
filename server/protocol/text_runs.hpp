#pragma once

#include <cstdint>
#include <cstring>

namespace flowcast::protocol {

// Eight bytes at a time through text that needs no attention, for the loops that look at every
// byte of a message. Internal to this folder.

inline constexpr std::uint64_t swar_low_bits = 0x0101010101010101U;
inline constexpr std::uint64_t swar_high_bits = 0x8080808080808080U;

[[nodiscard]] inline std::uint64_t load_eight(const char* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// Non-zero when a byte of `word` is zero.
[[nodiscard]] constexpr std::uint64_t zero_bytes(std::uint64_t word) {
  return (word - swar_low_bits) & ~word & swar_high_bits;
}

// The first byte of [from, end) that is not ASCII, or `end`.
[[nodiscard]] inline const char* skip_ascii(const char* from, const char* end) {
  while (end - from >= 8 && (load_eight(from) & swar_high_bits) == 0) {
    from += 8;
  }
  while (from != end && (static_cast<unsigned char>(*from) & 0x80U) == 0) {
    ++from;
  }
  return from;
}

// True for the bytes that a JSON string may hold without a second look: ASCII from 0x20 on except
// quote and backslash.
[[nodiscard]] constexpr bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

// The first byte of [from, end) that is not plain, or `end`.
[[nodiscard]] inline const char* skip_plain(const char* from, const char* end) {
#ifndef __EMSCRIPTEN__  // a page's packets are short, and each byte of code is loaded
  while (end - from >= 8) {
    const std::uint64_t word = load_eight(from);
    const std::uint64_t control = (word - swar_low_bits * 0x20) & ~word;
    const std::uint64_t quote = zero_bytes(word ^ (swar_low_bits * '"'));
    const std::uint64_t backslash = zero_bytes(word ^ (swar_low_bits * '\\'));
    if (((word | control | quote | backslash) & swar_high_bits) != 0) {
      break;
    }
    from += 8;
  }
#endif
  while (from != end && is_plain(*from)) {
    ++from;
  }
  return from;
}

}  // namespace flowcast::protocol
