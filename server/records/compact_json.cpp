#include "records/compact_json.hpp"

#include <cstddef>
#include <string_view>

namespace flowcast::records {

namespace {

constexpr std::string_view white_space = " \t\r\n";

// The position after the string that begins at `quote`.
std::size_t after_string(std::string_view text, std::size_t quote) {
  std::size_t at = quote + 1;
  while (text[at] != '"') {
    at += text[at] == '\\' ? 2U : 1U;
  }
  return at + 1;
}

}  // namespace

void compact_json(std::string& text) {
  // Most texts have none at all, in strings or outside.
  if (text.find_first_of(white_space) == std::string::npos) {
    return;
  }
  std::size_t kept = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = text[at] == '"' ? after_string(text, at) : at + 1;
    if (white_space.find(text[at]) == std::string_view::npos) {
      text.replace(kept, end - at, text, at, end - at);
      kept += end - at;
    }
    at = end;
  }
  text.resize(kept);
}

}  // namespace flowcast::records
