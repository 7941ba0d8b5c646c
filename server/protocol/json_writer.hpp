#pragma once

#include <string>
#include <string_view>

namespace flowcast::protocol {

// Appends `content` as a JSON string, escaped as JSON.stringify does: quote, backslash and control
// characters only, `\u00xx` in lower case. Bytes that are not UTF-8 become U+FFFD, so what is
// appended is well formed whatever came in.
void append_json_string(std::string& out, std::string_view content);

}  // namespace flowcast::protocol
