#include "records/compact_json.hpp"

#include <cstddef>
#include <cstring>

namespace flowcast::records {

namespace {

constexpr bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// What is behind the string that begins at `quote`.
const char* after_string(const char* quote) {
  const char* at = quote + 1;
  while (*at != '"') {
    at += *at == '\\' ? 2 : 1;
  }
  return at + 1;
}

}  // namespace

void compact_json(std::string& text) {
  // Most texts have none at all, which is seen many bytes at a time.
  const auto has = [&text](char c) { return text.find(c) != std::string::npos; };
  if (!has(' ') && !has('\n') && !has('\r') && !has('\t')) {
    return;
  }
  const char* at = text.data();
  const char* const end = at + text.size();
  char* to = text.data();
  while (at != end) {
    if (is_space(*at)) {
      ++at;
      continue;
    }
    const char* const after = *at == '"' ? after_string(at) : at + 1;
    const auto size = static_cast<std::size_t>(after - at);
    if (to != at) {
      std::memmove(to, at, size);
    }
    to += size;
    at = after;
  }
  text.resize(static_cast<std::size_t>(to - text.data()));
}

}  // namespace flowcast::records
