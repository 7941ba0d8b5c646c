#include "http/error_page.hpp"

#include "http/html.hpp"
#include "http/pages.hpp"

namespace flowcast::http {

std::string error_page(unsigned status, std::string_view message) {
  std::string text;
  append_html(text, message);
  return fill_in(fill_in(std::string(pages::error), "status", std::to_string(status)), "message",
                 text);
}

}  // namespace flowcast::http
