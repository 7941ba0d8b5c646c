#pragma once

#include <string>
#include <string_view>

namespace flowcast::http {

// Appends text to HTML, where it stays text: also inside a quoted attribute.
void append_html(std::string& out, std::string_view text);

// The page with `{{name}}` replaced by `html`, everywhere.
[[nodiscard]] std::string fill_in(std::string page, std::string_view name, std::string_view html);

}  // namespace flowcast::http
