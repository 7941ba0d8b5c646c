#include "protocol/json_writer.hpp"

#include <cstddef>

#include "protocol/text_runs.hpp"
#include "protocol/utf8.hpp"

namespace flowcast::protocol {

namespace {

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out += "\\u00";
  out += digits[byte >> 4U];
  out += digits[byte & 0xfU];
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
      out += "\xef\xbf\xbd";
    }
    ++at;
  }
  out += '"';
}

}  // namespace flowcast::protocol
