#pragma once

#include <string>
#include <string_view>

namespace flowcast::protocol {

// Base64 with the alphabet of RFC 4648, section 4.

// Appends `bytes` as base64, padded.
void append_base64(std::string& out, std::string_view bytes);

// Appends the bytes that `text` stands for. Padding may be left out, but whatever is there must be
// right: a stray character, wrong padding, or bits set that belong to no byte give false. `out` has
// an unusable end then.
[[nodiscard]] bool append_from_base64(std::string& out, std::string_view text);

}  // namespace flowcast::protocol
