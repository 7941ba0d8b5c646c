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

  // Somebody who brought no token.
  [[nodiscard]] bool is_nobody() const { return subject.empty() && claims.empty(); }
};

using identity_ptr = std::shared_ptr<const identity>;

}  // namespace flowcast::auth
