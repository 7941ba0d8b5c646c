#include "auth/token_key.hpp"

// Tokens that are signed with a secret are verified here too; public keys need OpenSSL.
namespace flowcast::auth {

namespace {

records::error no_public_keys() {
  return {records::errc::bad_request,
          "this build verifies HS256, HS384 and HS512 alone: give the secret, or run the server on "
          "Linux (WSL, a container)",
          {},
          {}};
}

}  // namespace

records::result<token_key> token_key::from_pem(std::string_view /*pem*/) {
  return no_public_keys();
}

records::result<token_key> token_key::from_rsa(std::string_view /*modulus*/,
                                               std::string_view /*exponent*/) {
  return no_public_keys();
}

records::result<token_key> token_key::from_p256(std::string_view /*x*/, std::string_view /*y*/) {
  return no_public_keys();
}

records::result<token_key> token_key::from_ed25519(std::string_view /*x*/) {
  return no_public_keys();
}

bool token_key::verify_public(algorithm /*what*/, std::string_view /*text*/,
                              std::string_view /*signature*/) const {
  return false;  // no such key was made
}

}  // namespace flowcast::auth
