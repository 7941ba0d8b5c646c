// Tokens and JWK sets: nothing that was not signed gets in, and what is read holds together.

#include <string_view>
#include <vector>

#include "auth/base64url.hpp"
#include "auth/json_web_key.hpp"
#include "auth/json_web_token.hpp"
#include "fuzz/property.hpp"

namespace flowcast::auth {
namespace {

using fuzz::require;

void read_as_token(std::string_view text) {
  static const std::vector<token_key> keys = {
      token_key::from_secret("a secret that no fuzzer comes upon: 0123456789abcdef").value()};
  const auto known = read_token(text, keys, {}, wall_clock::time_point());
  require(!known, "what was not signed is refused");
  require(known.error().code == records::errc::not_authenticated, "as such");
}

void read_as_base64(std::string_view text) {
  if (const auto bytes = from_base64url(text)) {
    require(to_base64url(*bytes) == text, "bytes have one text");
  }
}

}  // namespace
}  // namespace flowcast::auth

void flowcast::fuzz::try_input(std::string_view input) {
  auth::read_as_token(input);
  auth::read_as_base64(input);
  (void)auth::read_key_set(input);
}
