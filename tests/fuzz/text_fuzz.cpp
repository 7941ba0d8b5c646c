// UTF-8, base64, JSONP and the JSON string writer, on the same bytes.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "fuzz/property.hpp"
#include "protocol/base64.hpp"
#include "protocol/json_scanner.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/jsonp.hpp"
#include "protocol/utf8.hpp"

namespace flowcast::protocol {
namespace {

using fuzz::require;

void check_utf8(std::string_view text) {
  const bool good = is_utf8(text);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    utf8_checker checker;
    const bool pieces =
        checker.feed(text.substr(0, cut)) && checker.feed(text.substr(cut)) && checker.complete();
    require(pieces == good, "a cut changes nothing");
  }
  std::size_t units = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    const std::size_t length = utf8_character(at, end);
    if (length == 0) {
      break;
    }
    units += length == 4 ? 2 : 1;
    at += length;
  }
  require((at == end) == good, "text is UTF-8 when all its characters are");
  require(!good || units == utf16_length(text), "code units add up");
}

void check_base64(std::string_view text) {
  std::string encoded;
  append_base64(encoded, text);
  std::string decoded;
  require(append_from_base64(decoded, encoded) && decoded == text, "bytes come back");

  std::string bytes;
  if (append_from_base64(bytes, text)) {
    std::string again;
    append_base64(again, bytes);
    require(again.starts_with(text), "only padding may be left out");
  }
}

void check_strings(std::string_view text) {
  std::string written;
  append_json_string(written, text);
  const json_scan scan = scan_json(written);
  require(static_cast<bool>(scan), "any bytes make a JSON string");
  std::string buffer;
  require(!is_utf8(text) || scan.value.string(buffer) == text, "text comes back");

  std::string script;
  append_jsonp(script, text.substr(0, 8), text);
  require(script.starts_with("___eio[") && script.ends_with(");"), "a script of one call");
  const std::size_t from = script.find("](") + 2;
  const json_scan payload =
      scan_json(std::string_view(script).substr(from, script.size() - from - 2));
  require(payload && payload.value.is(json_kind::string), "its argument is one string");
  require(!is_utf8(text) || payload.value.string(buffer) == text, "a payload comes back");

  const std::optional<std::string> posted = payload_of_form(text);
  require(!posted || posted->size() <= text.size(), "decoding a form makes nothing longer");
}

void check_input(std::string_view text) {
  check_utf8(text);
  check_base64(text);
  check_strings(text);
}

}  // namespace
}  // namespace flowcast::protocol

void flowcast::fuzz::try_input(std::string_view input) {
  protocol::check_input(input);
}
