#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace flowcast::protocol {

// Polling for browsers without cross-origin requests (Engine.IO protocol, "JSONP"): the response is
// a script, and the client posts a form.

// Appends `___eio[<index>]("<payload>");`. `index` is the `j` of the query: whatever is not a digit
// in it is left out, so that nobody's script gets in. U+2028 and U+2029 are escaped, which older
// JavaScript takes for the end of a line.
void append_jsonp(std::string& out, std::string_view index, std::string_view payload);

// The payload in a posted form (application/x-www-form-urlencoded): its field `d`, in which clients
// write a line feed as `\n` and what is `\n` in the payload as `\\n`. Nothing if there is no such
// field. A percent sign that begins no byte stands for itself.
[[nodiscard]] std::optional<std::string> payload_of_form(std::string_view body);

}  // namespace flowcast::protocol
