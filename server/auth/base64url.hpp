#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace flowcast::auth {

// Base64 with the alphabet of RFC 4648, section 5, without padding, as JWTs have it (RFC 7515,
// section 2). Strict: one text for one sequence of bytes.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

[[nodiscard]] std::string to_base64url(std::string_view bytes);

}  // namespace flowcast::auth
