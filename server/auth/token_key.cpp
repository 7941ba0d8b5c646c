#include "auth/token_key.hpp"

#include <array>
#include <cstddef>
#include <utility>

#include "auth/hash.hpp"
#include "auth/key_digest.hpp"

namespace flowcast::auth {

namespace {

constexpr std::size_t least_secret = 32;  // bytes

struct named {
  algorithm what;
  std::string_view name;
};
constexpr std::array<named, 7> names = {{{algorithm::hs256, "HS256"},
                                         {algorithm::hs384, "HS384"},
                                         {algorithm::hs512, "HS512"},
                                         {algorithm::rs256, "RS256"},
                                         {algorithm::ps256, "PS256"},
                                         {algorithm::es256, "ES256"},
                                         {algorithm::eddsa, "EdDSA"}}};

records::error no_key(std::string why) {
  return {records::errc::bad_request, std::move(why), {}, {}};
}

struct hmac_kind {
  hmac_hash hash;
  std::size_t size;
};

hmac_kind hmac_of(algorithm what) {
  switch (what) {
    case algorithm::hs384:
      return {hmac_hash::sha384, 48};
    case algorithm::hs512:
      return {hmac_hash::sha512, 64};
    default:
      return {hmac_hash::sha256, 32};
  }
}

}  // namespace

std::string_view to_string(algorithm what) {
  return names.at(static_cast<std::size_t>(what)).name;
}

std::optional<algorithm> parse_algorithm(std::string_view name) {
  for (const named& each : names) {
    if (each.name == name) {
      return each.what;
    }
  }
  return std::nullopt;
}

records::result<token_key> token_key::from_secret(std::string secret) {
  if (secret.size() < least_secret) {
    return no_key("a secret has at least " + std::to_string(least_secret) +
                  " bytes: make one with `openssl rand -hex 32`");
  }
  if (secret.find("-----BEGIN") != std::string::npos) {
    return no_key("this is a PEM file, not a secret: give it as a public key");
  }
  token_key made;
  made.fingerprint_ = digest_of(secret);
  made.secret_ = std::move(secret);
  return made;
}

bool token_key::pin(algorithm only) {
  if (!allows(only)) {
    return false;
  }
  only_ = only;
  return true;
}

bool token_key::allows(algorithm what) const {
  if (only_ && *only_ != what) {
    return false;
  }
  switch (what) {
    case algorithm::hs256:
    case algorithm::hs384:
    case algorithm::hs512:
      return kind_ == kind::secret && secret_.size() >= hmac_of(what).size;
    case algorithm::rs256:
    case algorithm::ps256:
      return kind_ == kind::rsa;
    case algorithm::es256:
      return kind_ == kind::p256;
    case algorithm::eddsa:
      return kind_ == kind::ed25519;
  }
  return false;
}

std::string token_key::algorithms() const {
  std::string all;
  for (const named& each : names) {
    if (allows(each.what)) {
      all.append(all.empty() ? "" : " or ").append(each.name);
    }
  }
  return all;
}

bool token_key::verify(algorithm what, std::string_view text, std::string_view signature) const {
  if (!allows(what)) {
    return false;
  }
  return kind_ == kind::secret ? verify_secret(what, text, signature)
                               : verify_public(what, text, signature);
}

bool token_key::verify_secret(algorithm what, std::string_view text,
                              std::string_view signature) const {
  return same_secret(hmac(hmac_of(what).hash, secret_, text), signature);
}

}  // namespace flowcast::auth
