// JSON as the browser checks and unescapes it, in place of protocol/json_scanner.cpp,
// json_string.cpp and utf8.cpp: a page has a parser already, and a second one would be 2 kB that
// every page loads. What it accepts is read in place here as anywhere, so that numbers keep all
// their digits.
//
// Unlike the scanner it accepts escapes of half surrogate pairs: they become U+FFFD.

#include <cstddef>
#include <string_view>

#include "protocol/json_scanner.hpp"
#include "protocol/json_string.hpp"
#include "protocol/utf8.hpp"

extern "C" {
[[clang::import_module("env"), clang::import_name("is_json")]] bool is_json(const char* text,
                                                                            std::size_t size);
// What the inside of a string says, as UTF-8: at `out`, no longer than it is. Returns its size.
[[clang::import_module("env"), clang::import_name("unescape")]] std::size_t unescape(
    const char* text, std::size_t size, char* out);
}

namespace flowcast::protocol {

class json_scanner {
 public:
  static json_value checked(std::string_view text) { return json_value(text); }
};

json_scan scan_json(std::string_view text, unsigned /*max_depth*/) {
  if (!is_json(text.data(), text.size())) {
    return {{}, json_fault::unexpected_character, 0};
  }
  while (static_cast<unsigned char>(text.front()) <= ' ') {
    text.remove_prefix(1);
  }
  return {json_scanner::checked(text), json_fault::none, 0};
}

namespace {

// Of which half of a surrogate pair `text` begins with the escape: 1, 2, or 0 for none.
int half(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u' || (text[2] | 0x20) != 'd' ||
      text[3] < '8') {
    return 0;
  }
  return (text[3] | 0x20) < 'c' ? 1 : 2;
}

}  // namespace

std::string_view json_string_reader::next() {
  std::size_t taken = rest_.find('\\');
  if (taken != 0) {
    const std::string_view run = rest_.substr(0, taken);
    rest_.remove_prefix(run.size());
    return run;
  }
  taken = rest_[1] == 'u' ? 6 : 2;
  // A character beyond U+FFFF is two of them: \ud8…\udc….
  if (half(rest_) == 1 && half(rest_.substr(6)) == 2) {
    taken = 12;
  }
  const std::size_t size = unescape(rest_.data(), taken, decoded_.data());
  rest_.remove_prefix(taken);
  return {decoded_.data(), size};
}

// What comes from JavaScript is well formed.
std::size_t utf8_character(const char* /*from*/, const char* /*end*/) {
  return 1;
}

}  // namespace flowcast::protocol
