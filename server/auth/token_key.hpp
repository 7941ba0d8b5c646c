#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "records/error.hpp"

using EVP_PKEY = struct evp_pkey_st;

namespace flowcast::auth {

// The algorithms of RFC 7518, section 3.1, and RFC 8037 that tokens may be signed with. `none` is
// not among them.
enum class algorithm : std::uint8_t { hs256, hs384, hs512, rs256, ps256, es256, eddsa };

// "HS256", …
[[nodiscard]] std::string_view to_string(algorithm what);
[[nodiscard]] std::optional<algorithm> parse_algorithm(std::string_view name);

// A key that tokens are verified with. What it is decides which algorithms it verifies; a token
// can but name one of these. So a public key's text is never a secret, whatever a token says.
//
// The verifier is ours, on OpenSSL's EVP: of the libraries in Debian 12, libjwt takes an HMAC that
// was made with an RSA public key's text and ignores `exp`, and cpp-jwt takes the former where both
// kinds are allowed. Safe to use from any thread.
class token_key {
 public:
  // Bytes of a shared secret, at least 32; HS384 and HS512 need 48 and 64 (RFC 7518, section 3.2).
  [[nodiscard]] static records::result<token_key> from_secret(std::string secret);
  // A public key (or a certificate's) in PEM: RSA of 2,048 bits or more, P-256, or Ed25519.
  [[nodiscard]] static records::result<token_key> from_pem(std::string_view pem);
  // The same three from their numbers, big-endian.
  [[nodiscard]] static records::result<token_key> from_rsa(std::string_view modulus,
                                                           std::string_view exponent);
  [[nodiscard]] static records::result<token_key> from_p256(std::string_view x, std::string_view y);
  [[nodiscard]] static records::result<token_key> from_ed25519(std::string_view x);

  // It verifies this one alone from now on. False: it does not verify that.
  [[nodiscard]] bool pin(algorithm only);
  void set_id(std::string id) { id_ = std::move(id); }

  [[nodiscard]] const std::string& id() const { return id_; }  // `kid`; empty: none
  // The same for the same key alone, and it tells nothing of a secret.
  [[nodiscard]] const std::string& fingerprint() const { return fingerprint_; }
  // For people: "HS256", "RS256 or PS256".
  [[nodiscard]] std::string algorithms() const;
  [[nodiscard]] bool allows(algorithm what) const;
  // `what` must be allowed.
  [[nodiscard]] bool verify(algorithm what, std::string_view text,
                            std::string_view signature) const;

 private:
  enum class kind : std::uint8_t { secret, rsa, p256, ed25519 };

  using key_pointer = std::shared_ptr<EVP_PKEY>;

  token_key() = default;
  [[nodiscard]] static records::result<token_key> from_public(key_pointer key);

  [[nodiscard]] bool verify_secret(algorithm what, std::string_view text,
                                   std::string_view signature) const;
  [[nodiscard]] bool verify_public(algorithm what, std::string_view text,
                                   std::string_view signature) const;

  kind kind_ = kind::secret;
  std::string id_;
  std::string fingerprint_;
  std::string secret_;
  key_pointer public_;
  std::optional<algorithm> only_;
};

}  // namespace flowcast::auth
