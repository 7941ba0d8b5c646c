#include "protocol/utf8.hpp"

#include "protocol/text_runs.hpp"

namespace flowcast::protocol {

namespace {

// What must follow a lead byte: how many continuation bytes, and the bounds of the first of them.
struct continuation {
  std::uint8_t count = 0;  // 0: no character begins like this
  std::uint8_t lowest = 0x80;
  std::uint8_t highest = 0xbf;
};

continuation after_lead(unsigned char byte) {
  if (byte >= 0xc2 && byte <= 0xdf) {
    return {.count = 1};
  }
  switch (byte) {
    case 0xe0:
      return {.count = 2, .lowest = 0xa0};  // below: an overlong form
    case 0xed:
      return {.count = 2, .highest = 0x9f};  // above: a surrogate
    case 0xf0:
      return {.count = 3, .lowest = 0x90};  // below: an overlong form
    case 0xf4:
      return {.count = 3, .highest = 0x8f};  // above: beyond U+10FFFF
    default:
      break;
  }
  if (byte >= 0xe1 && byte <= 0xef) {
    return {.count = 2};
  }
  if (byte >= 0xf1 && byte <= 0xf3) {
    return {.count = 3};
  }
  return {};
}

}  // namespace

std::size_t utf8_character(const char* from, const char* end) {
  const auto first = static_cast<unsigned char>(*from);
  if (first < 0x80) {
    return 1;
  }
  continuation next = after_lead(first);
  if (next.count == 0 || end - from <= next.count) {
    return 0;
  }
  for (std::size_t i = 1; i <= next.count; ++i) {
    const auto byte = static_cast<unsigned char>(from[i]);
    if (byte < next.lowest || byte > next.highest) {
      return 0;
    }
    next.lowest = 0x80;
    next.highest = 0xbf;
  }
  return next.count + 1U;
}

bool utf8_checker::feed(std::string_view piece) {
  const char* from = piece.data();
  const char* const end = from + piece.size();
  while (from != end) {
    if (needed_ == 0) {
      from = skip_ascii(from, end);
      while (end - from >= 4 && static_cast<unsigned char>(*from) >= 0x80) {
        const std::size_t length = utf8_character(from, end);
        if (length == 0) {
          return false;
        }
        from += length;
      }
    }
    if (from != end && !feed(static_cast<unsigned char>(*from++))) {
      return false;
    }
  }
  return true;
}

bool utf8_checker::feed(unsigned char byte) {
  if (needed_ == 0) {
    if (byte < 0x80) {
      return true;
    }
    const continuation next = after_lead(byte);
    needed_ = next.count;
    lowest_ = next.lowest;
    highest_ = next.highest;
    return needed_ != 0;
  }
  if (byte < lowest_ || byte > highest_) {
    return false;
  }
  lowest_ = 0x80;
  highest_ = 0xbf;
  --needed_;
  return true;
}

bool is_utf8(std::string_view text) {
  utf8_checker checker;
  return checker.feed(text) && checker.complete();
}

std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xc0U) != 0x80 ? 1U : 0U;  // every character has one lead byte…
    units += byte >= 0xf0 ? 1U : 0U;            // …and a surrogate pair if it takes four
  }
  return units;
}

}  // namespace flowcast::protocol
