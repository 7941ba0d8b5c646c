#include <cstddef>
#include <cstdlib>
#include <span>

#include <windows.h>
// Which this one needs before it.
#include <bcrypt.h>

#include "auth/hash.hpp"

namespace flowcast::auth {

namespace {

// One algorithm of the system's, for as long as the process runs.
class provider {
 public:
  explicit provider(const wchar_t* name, ULONG flags = 0) {
    // Windows has had all of those that are used here since Windows 7.
    if (::BCryptOpenAlgorithmProvider(&handle_, name, nullptr, flags) != 0) {
      std::abort();
    }
  }
  provider(const provider&) = delete;
  provider& operator=(const provider&) = delete;
  ~provider() { ::BCryptCloseAlgorithmProvider(handle_, 0); }

  void hash(std::string_view secret, std::string_view bytes, std::span<unsigned char> out) const {
    if (::BCryptHash(handle_, input(secret), static_cast<ULONG>(secret.size()), input(bytes),
                     static_cast<ULONG>(bytes.size()), out.data(),
                     static_cast<ULONG>(out.size())) != 0) {
      std::abort();  // only without memory
    }
  }

 private:
  // It is not written to, whatever the type says.
  static PUCHAR input(std::string_view bytes) {
    return reinterpret_cast<PUCHAR>(const_cast<char*>(bytes.data()));
  }

  BCRYPT_ALG_HANDLE handle_ = nullptr;
};

template <std::size_t Size>
std::string hmac_by(const provider& with, std::string_view secret, std::string_view bytes) {
  std::array<unsigned char, Size> made = {};
  with.hash(secret, bytes, made);
  return {made.begin(), made.end()};
}

}  // namespace

std::array<unsigned char, 20> sha1(std::string_view bytes) {
  static const provider by(BCRYPT_SHA1_ALGORITHM);
  std::array<unsigned char, 20> digest = {};
  by.hash({}, bytes, digest);
  return digest;
}

std::array<unsigned char, 32> sha256(std::string_view bytes) {
  static const provider by(BCRYPT_SHA256_ALGORITHM);
  std::array<unsigned char, 32> digest = {};
  by.hash({}, bytes, digest);
  return digest;
}

std::string hmac(hmac_hash with, std::string_view secret, std::string_view bytes) {
  static const provider by_256(BCRYPT_SHA256_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG);
  static const provider by_384(BCRYPT_SHA384_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG);
  static const provider by_512(BCRYPT_SHA512_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG);
  switch (with) {
    case hmac_hash::sha256:
      return hmac_by<32>(by_256, secret, bytes);
    case hmac_hash::sha384:
      return hmac_by<48>(by_384, secret, bytes);
    case hmac_hash::sha512:
      return hmac_by<64>(by_512, secret, bytes);
  }
  std::abort();
}

bool same_secret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) {
    return false;
  }
  volatile unsigned differ = 0;  // looked at after each step, so that none is left out
  for (std::size_t i = 0; i < a.size(); ++i) {
    differ = differ | (static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]));
  }
  return differ == 0;
}

}  // namespace flowcast::auth
