#include "protocol/json_writer.hpp"

#include <array>
#include <cstddef>

#include "protocol/text_runs.hpp"
#include "protocol/utf8.hpp"

namespace flowcast::protocol {

namespace {

// Strings grow by append(data, size) alone here: each further way to grow one is a quarter of a
// kilobyte in the widget.
void append_escape(std::string& out, char c) {
  constexpr std::string_view escaped = "\"\\\b\f\n\r\t";
  constexpr std::string_view letters = "\"\\bfnrt";
  constexpr std::string_view digits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  std::array<char, 6> escape = {'\\', 'u', '0', '0', digits[byte >> 4U], digits[byte & 0xfU]};
  std::size_t size = escape.size();
  if (const std::size_t letter = escaped.find(c); letter != std::string_view::npos) {
    escape[1] = letters[letter];
    size = 2;
  }
  out.append(escape.data(), size);
}

}  // namespace

void append_json_string(std::string& out, std::string_view content) {
  const char* at = content.data();
  const char* const end = at + content.size();
  out.append("\"", 1);
  while (at != end) {
    const char* run = at;
    std::size_t character = 0;
    do {
      at = skip_plain(at + character, end);
      character =
          at != end && static_cast<unsigned char>(*at) >= 0x80 ? utf8_character(at, end) : 0;
    } while (character != 0);
    out.append(run, static_cast<std::size_t>(at - run));
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
  out.append("\"", 1);
}

}  // namespace flowcast::protocol
