#include "auth/key_digest.hpp"

#include "auth/hash.hpp"

namespace flowcast::auth {

std::string digest_of(std::string_view key) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned byte : sha256(key)) {
    text += digits[byte >> 4U];
    text += digits[byte & 0xfU];
  }
  return text;
}

}  // namespace flowcast::auth
