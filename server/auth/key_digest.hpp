#pragma once

#include <string>
#include <string_view>

namespace flowcast::auth {

// SHA-256 of a key, as 64 hexadecimal digits: what the settings hold of it.
[[nodiscard]] std::string digest_of(std::string_view key);

}  // namespace flowcast::auth
