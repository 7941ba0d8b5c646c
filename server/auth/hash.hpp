#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

// What tokens, keys and HTTP are hashed with: by OpenSSL, or on Windows by what it has itself. Safe
// from any thread.
namespace flowcast::auth {

[[nodiscard]] std::array<unsigned char, 20> sha1(std::string_view bytes);
[[nodiscard]] std::array<unsigned char, 32> sha256(std::string_view bytes);

enum class hmac_hash : std::uint8_t { sha256, sha384, sha512 };

// As bytes: 32, 48 or 64.
[[nodiscard]] std::string hmac(hmac_hash with, std::string_view secret, std::string_view bytes);

// In a time that does not tell where they differ.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b);

}  // namespace flowcast::auth
