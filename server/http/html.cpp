#include "http/html.hpp"

#include <cstddef>

namespace flowcast::http {

void append_html(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
}

std::string fill_in(std::string page, std::string_view name, std::string_view html) {
  const std::string mark = "{{" + std::string(name) + "}}";
  for (std::size_t at = page.find(mark); at != std::string::npos;
       at = page.find(mark, at + html.size())) {
    page.replace(at, mark.size(), html);
  }
  return page;
}

}  // namespace flowcast::http
