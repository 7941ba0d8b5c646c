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
  const auto byte = [from](std::size_t index) -> std::uint32_t {
    return static_cast<unsigned char>(from[index]);
  };
  const auto continues = [&byte](std::size_t index) { return (byte(index) & 0xc0U) == 0x80; };
  const auto available = end - from;
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) {
    return 1;
  }
  if (lead < 0xe0) {
    return lead >= 0xc2 && available >= 2 && continues(1) ? 2 : 0;
  }
  if (lead < 0xf0) {
    if (available < 3 || !continues(1) || !continues(2)) {
      return 0;
    }
    const std::uint32_t upper = (lead & 0xfU) << 6U | (byte(1) & 0x3fU);  // without the last byte
    const bool overlong = upper < 0x800 >> 6U;
    const bool surrogate = upper >> 5U == 0xd800 >> 11U;
    return overlong || surrogate ? 0 : 3;
  }
  if (available < 4 || !continues(1) || !continues(2) || !continues(3)) {
    return 0;
  }
  const std::uint32_t upper = (lead & 0xfU) << 6U | (byte(1) & 0x3fU);  // without the last two
  return upper >= 0x10000 >> 12U && upper <= 0x10ffff >> 12U ? 4 : 0;
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

std::string_view utf8_beginning(std::string_view text, std::size_t most) {
  if (text.size() <= most)
    return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80)
    --most;
  return text.substr(0, most);
}

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  if (text.starts_with(mark))
    text.remove_prefix(mark.size());
  return text;
}

bool begins_as_utf16(std::string_view text) {
  return text.size() >= 4 && ((text.starts_with("\xff\xfe") && text[3] == '\0') ||
                              (text.starts_with("\xfe\xff") && text[2] == '\0'));
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
