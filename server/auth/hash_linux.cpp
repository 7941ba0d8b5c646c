#include <cstdlib>

// For SHA-1: the other interface's own work is several times that of so short a digest.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "auth/hash.hpp"

namespace flowcast::auth {

namespace {

const EVP_MD* digest_of(hmac_hash which) {
  switch (which) {
    case hmac_hash::sha256:
      return EVP_sha256();
    case hmac_hash::sha384:
      return EVP_sha384();
    case hmac_hash::sha512:
      return EVP_sha512();
  }
  std::abort();
}

}  // namespace

std::array<unsigned char, 20> sha1(std::string_view bytes) {
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest = {};
  SHA_CTX state = {};
  SHA1_Init(&state);
  SHA1_Update(&state, bytes.data(), bytes.size());
  SHA1_Final(digest.data(), &state);
  return digest;
}

std::array<unsigned char, 32> sha256(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest = {};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return digest;
}

std::string hmac(hmac_hash with, std::string_view secret, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> made = {};
  unsigned size = 0;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): OpenSSL's bytes
  const auto* const text = reinterpret_cast<const unsigned char*>(bytes.data());
  // Fails only without memory.
  if (HMAC(digest_of(with), secret.data(), static_cast<int>(secret.size()), text, bytes.size(),
           made.data(), &size) == nullptr) {
    std::abort();
  }
  return {made.begin(), made.begin() + size};
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace flowcast::auth
