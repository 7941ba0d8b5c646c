#include "protocol/jsonp.hpp"

#include <cstddef>

#include "protocol/decimal.hpp"
#include "protocol/json_writer.hpp"

namespace flowcast::protocol {

namespace {

void escape_in_place(std::string& out, std::size_t from, std::string_view what,
                     std::string_view escape) {
  for (std::size_t at = out.find(what, from); at != std::string::npos;
       at = out.find(what, at + escape.size())) {
    out.replace(at, what.size(), escape);
  }
}

int hex_value(char c) {
  if (is_decimal_digit(c)) {
    return c - '0';
  }
  if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
    return (c | 0x20) - 'a' + 10;
  }
  return -1;
}

std::string form_decoded(std::string_view value) {
  std::string decoded;
  decoded.reserve(value.size());
  for (std::size_t at = 0; at < value.size(); ++at) {
    const bool escaped = value[at] == '%' && value.size() - at > 2 &&
                         hex_value(value[at + 1]) >= 0 && hex_value(value[at + 2]) >= 0;
    if (escaped) {
      decoded += static_cast<char>(hex_value(value[at + 1]) * 16 + hex_value(value[at + 2]));
      at += 2;
    } else {
      decoded += value[at] == '+' ? ' ' : value[at];
    }
  }
  return decoded;
}

std::string lines_restored(std::string_view text) {
  std::string restored;
  restored.reserve(text.size());
  while (!text.empty()) {
    if (text.starts_with(R"(\\n)")) {
      restored += R"(\n)";
      text.remove_prefix(3);
    } else if (text.starts_with(R"(\n)")) {
      restored += '\n';
      text.remove_prefix(2);
    } else {
      restored += text.front();
      text.remove_prefix(1);
    }
  }
  return restored;
}

}  // namespace

void append_jsonp(std::string& out, std::string_view index, std::string_view payload) {
  out += "___eio[";
  for (const char c : index) {
    if (is_decimal_digit(c)) {
      out += c;
    }
  }
  out += "](";
  const std::size_t from = out.size();
  append_json_string(out, payload);
  escape_in_place(out, from, "\u2028", "\\u2028");
  escape_in_place(out, from, "\u2029", "\\u2029");
  out += ");";
}

std::optional<std::string> payload_of_form(std::string_view body) {
  while (!body.empty()) {
    const std::string_view field = body.substr(0, body.find('&'));
    if (field.starts_with("d=")) {
      return lines_restored(form_decoded(field.substr(2)));
    }
    body.remove_prefix(field.size());
    if (!body.empty()) {
      body.remove_prefix(1);
    }
  }
  return {};
}

}  // namespace flowcast::protocol
