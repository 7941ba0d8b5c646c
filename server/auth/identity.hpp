#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "auth/rights.hpp"

namespace flowcast::auth {

using wall_clock = std::chrono::system_clock;

// Who somebody is, as a token or key has proved it. Immutable once made.
struct identity {
  std::string subject;   // a token's `sub`, a key's name; empty: nobody in particular
  std::string token_id;  // `jti`, a key's digest; empty: it has none
  std::optional<wall_clock::time_point> expires;
  rights may;
  std::string claims;  // the token's payload: a JSON object; empty for a key
  std::string name;    // for people: a token's `name`; empty: it has none
  std::string signer;  // token_key::fingerprint() of what signed the token; empty for a key

  // Somebody who brought no token.
  [[nodiscard]] bool is_nobody() const { return subject.empty() && claims.empty(); }
  // Somebody in particular, who speaks for himself alone; a publisher's key speaks for whom it
  // likes.
  [[nodiscard]] bool is_person() const { return !subject.empty() && !claims.empty(); }
};

using identity_ptr = std::shared_ptr<const identity>;

}  // namespace flowcast::auth
