#include "protocol/json_writer.hpp"

#include <cstddef>

#include "protocol/text_runs.hpp"
#include "protocol/utf8.hpp"

namespace flowcast::protocol {

namespace {

void append_escape(std::string& out, char c) {
  constexpr std::string_view escaped = "\"\\\b\f\n\r\t";
  constexpr std::string_view letters = "\"\\bfnrt";
  constexpr std::string_view digits = "0123456789abcdef";
  out += '\\';
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] == c) {
      out += letters[i];
      return;
    }
  }
  const auto byte = static_cast<unsigned char>(c);
  for (const char digit : {'u', '0', '0', digits[byte >> 4U], digits[byte & 0xfU]}) {
    out += digit;
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view content) {
  const char* at = content.data();
  const char* const end = at + content.size();
  out += '"';
  while (at != end) {
    const char* run = at;
    std::size_t character = 0;
    do {
      at = skip_plain(at + character, end);
      character =
          at != end && static_cast<unsigned char>(*at) >= 0x80 ? utf8_character(at, end) : 0;
    } while (character != 0);
    out.append(run, at);
    if (at == end) {
      break;
    }
    if (static_cast<unsigned char>(*at) < 0x80) {
      append_escape(out, *at);
    } else {
      out.append("\xef\xbf\xbd", 3);
    }
    ++at;
  }
  out += '"';
}

}  // namespace flowcast::protocol
