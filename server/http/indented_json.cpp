#include "http/indented_json.hpp"

#include <cstddef>

namespace flowcast::http {

std::string indented_json(std::string_view json) {
  std::string out;
  out.reserve(json.size() * 2);
  std::size_t depth = 0;
  const auto new_line = [&] {
    out += '\n';
    out.append(2 * depth, ' ');
  };
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    switch (c) {
      case '"': {
        std::size_t end = at + 1;
        while (end < json.size() && json[end] != '"')
          end += json[end] == '\\' ? 2U : 1U;
        out += json.substr(at, end + 1 - at);
        at = end;
        break;
      }
      case '{':
      case '[':
        out += c;
        if (at + 1 < json.size() && (json[at + 1] == '}' || json[at + 1] == ']')) {
          out += json[++at];
        } else {
          ++depth;
          new_line();
        }
        break;
      case '}':
      case ']':
        depth -= depth > 0 ? 1 : 0;
        new_line();
        out += c;
        break;
      case ',':
        out += c;
        new_line();
        break;
      case ':':
        out += ": ";
        break;
      default:
        out += c;
    }
  }
  out += '\n';
  return out;
}

}  // namespace flowcast::http
