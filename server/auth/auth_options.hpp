#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "auth/json_web_token.hpp"
#include "auth/rights.hpp"

namespace flowcast::auth {

// A publisher's key, of which only the digest is known here.
struct static_key {
  std::string name;    // for the log
  std::string digest;  // key_digest.hpp
  rights may = rights::everything();
};

// How to know who somebody is. Without keys at all, authentication is off.
struct auth_options {
  std::vector<std::string> secret_files;  // each a shared secret; white space at its end is dropped
  std::vector<std::string> public_key_files;  // PEM
  std::vector<std::string> key_set_files;     // JWK sets
  std::vector<std::string> key_set_urls;  // the same, to be fetched; whoever does hands them over
  std::chrono::seconds key_set_refresh{300};
  token_rules rules{{}, {}, std::chrono::seconds(30), true, rights::to_subscribe()};
  std::vector<static_key> static_keys;
  rights anonymous;                           // of who brings no token
  std::vector<std::string> revoked_tokens;    // by `jti`
  std::vector<std::string> revoked_subjects;  // by `sub`, or a static key's name

  [[nodiscard]] bool on() const {
    return !secret_files.empty() || !public_key_files.empty() || !key_set_files.empty() ||
           !key_set_urls.empty() || !static_keys.empty();
  }
};

}  // namespace flowcast::auth
