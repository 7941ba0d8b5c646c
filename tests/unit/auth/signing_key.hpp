#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/evp.h>

namespace flowcast::auth {

// The other half of a token_key: what an issuer has.
class signing_key {
 public:
  enum class kind { rsa, small_rsa, p256, p384, ed25519 };
  explicit signing_key(kind what);

  [[nodiscard]] std::string public_pem() const;
  [[nodiscard]] std::string private_pem() const;
  // As JWS wants it: of ES256, R and S side by side.
  [[nodiscard]] std::string sign(std::string_view text, bool pss = false) const;
  // As OpenSSL gives it: of ES256, DER.
  [[nodiscard]] std::string sign_der(std::string_view text, bool pss = false) const;
  // A JWK of the public half, with these members more: `"kid":"one"`.
  [[nodiscard]] std::string jwk(const std::string& more = {}) const;

 private:
  kind kind_;
  std::shared_ptr<EVP_PKEY> key_;
};

[[nodiscard]] std::string hmac(const EVP_MD* digest, std::string_view key, std::string_view text);

// HEADER.PAYLOAD, to be signed.
[[nodiscard]] std::string unsigned_token(std::string_view header, std::string_view payload);
[[nodiscard]] std::string hs256_token(std::string_view secret, std::string_view payload,
                                      std::string_view header = R"({"alg":"HS256","typ":"JWT"})");

}  // namespace flowcast::auth
