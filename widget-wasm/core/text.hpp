#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flowcast::core {

// Texts one after the other, each ended by NUL: a list as it crosses from JavaScript, and as it is
// kept.
using text_list = std::string_view;

// Takes the first text off the list; empty at its end.
[[nodiscard]] std::string_view take_text(text_list& list);

[[nodiscard]] bool has_text(text_list list, std::string_view text);

// Takes the digits that `text` begins with. False, and nothing taken, if there are none or their
// number is too large.
[[nodiscard]] bool take_number(std::string_view& text, std::uint32_t& number);

// Strings grow by append(data, size) alone in the core: each further way is a quarter of a kilobyte
// of WebAssembly.
void append(std::string& out, char c);
void append_number(std::string& out, std::uint32_t number);

}  // namespace flowcast::core
