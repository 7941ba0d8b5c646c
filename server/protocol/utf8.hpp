#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flowcast::protocol {

// UTF-8 as Unicode's table 3-7 and RFC 3629 define it: no overlong forms, no surrogates, nothing
// above U+10FFFF.

// Length (1 to 4) of the well-formed character that [from, end) begins with; 0 if it begins with
// none. `from` must be before `end`.
[[nodiscard]] std::size_t utf8_character(const char* from, const char* end);

[[nodiscard]] bool is_utf8(std::string_view text);

// The length of well-formed text in UTF-16 code units: JavaScript's `length`.
[[nodiscard]] std::size_t utf16_length(std::string_view text);

// The longest beginning of well-formed text that has at most so many bytes and cuts no character.
[[nodiscard]] std::string_view utf8_beginning(std::string_view text, std::size_t most);

// Without the byte order mark that some editors begin a file with.
[[nodiscard]] std::string_view without_byte_order_mark(std::string_view text);
// Whether it begins with that of UTF-16 and a Latin letter, as files do that Windows' shells have
// written.
[[nodiscard]] bool begins_as_utf16(std::string_view text);

// Checks text that arrives in pieces, and refuses at the first byte that no continuation could
// make right. Three bytes of state.
class utf8_checker {
 public:
  // False once the text so far cannot be the beginning of well-formed text; do not feed on.
  [[nodiscard]] bool feed(std::string_view piece);

  // True when the text so far does not end within a character.
  [[nodiscard]] bool complete() const { return needed_ == 0; }

 private:
  [[nodiscard]] bool feed(unsigned char byte);

  std::uint8_t needed_ = 0;     // continuation bytes still to come
  std::uint8_t lowest_ = 0x80;  // what the next one may be
  std::uint8_t highest_ = 0xbf;
};

}  // namespace flowcast::protocol
