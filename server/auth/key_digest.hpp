#pragma once

#include <string>
#include <string_view>

namespace flowcast::auth {

// SHA-256 of a key, as 64 hexadecimal digits: what the settings hold of it.
[[nodiscard]] std::string digest_of(std::string_view key);

// In a time that does not tell where they differ.
[[nodiscard]] bool same_digest(std::string_view a, std::string_view b);

}  // namespace flowcast::auth
