#include "auth/json_web_key.hpp"

#include <optional>
#include <string>
#include <utility>

#include "auth/base64url.hpp"
#include "protocol/json_scanner.hpp"

namespace flowcast::auth {

using protocol::json_kind;
using protocol::json_value;

namespace {

constexpr unsigned deepest = 8;

std::string text_of(json_value value) {
  std::string buffer;
  return std::string(value.string(buffer));
}

std::string number_of(json_value value) {
  return from_base64url(text_of(value)).value_or(std::string());
}

records::result<token_key> read_material(json_value key) {
  const std::string type = text_of(key.member("kty"));
  const std::string curve = text_of(key.member("crv"));
  if (type == "oct") {
    return token_key::from_secret(number_of(key.member("k")));
  }
  if (type == "RSA") {
    return token_key::from_rsa(number_of(key.member("n")), number_of(key.member("e")));
  }
  if (type == "EC" && curve == "P-256") {
    return token_key::from_p256(number_of(key.member("x")), number_of(key.member("y")));
  }
  if (type == "OKP" && curve == "Ed25519") {
    return token_key::from_ed25519(number_of(key.member("x")));
  }
  return records::error{records::errc::bad_request, "a kind of key that is not known", {}, {}};
}

std::optional<token_key> read_key(json_value key) {
  if (const json_value use = key.member("use"); use && !use.equals("sig")) {
    return std::nullopt;
  }
  auto made = read_material(key);
  if (!made) {
    return std::nullopt;
  }
  if (const json_value algorithm_given = key.member("alg")) {
    const auto what = parse_algorithm(text_of(algorithm_given));
    if (!what || !made->pin(*what)) {
      return std::nullopt;
    }
  }
  made->set_id(text_of(key.member("kid")));
  return *std::move(made);
}

}  // namespace

records::result<std::vector<token_key>> read_key_set(std::string_view json) {
  const auto refuse = [](std::string why) {
    return records::error{records::errc::bad_request, std::move(why), {}, {}};
  };
  const protocol::json_scan scan = protocol::scan_json(json, deepest);
  const json_value keys = scan ? scan.value.member("keys") : json_value();
  if (!keys.is(json_kind::array)) {
    return refuse(R"(this is no JWK set: it must be JSON, {"keys":[…]})");
  }
  std::vector<token_key> made;
  for (const json_value& each : keys.elements()) {
    if (auto key = read_key(each)) {
      made.push_back(*std::move(key));
    }
    if (made.size() > most_keys) {
      return refuse("this JWK set has more than " + std::to_string(most_keys) + " keys");
    }
  }
  if (made.empty()) {
    return refuse(
        "no key of this JWK set verifies HS256, HS384, HS512, RS256, PS256, ES256 or EdDSA");
  }
  return made;
}

}  // namespace flowcast::auth
