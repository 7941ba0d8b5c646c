#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/identity.hpp"
#include "auth/token_key.hpp"
#include "records/error.hpp"

namespace flowcast::auth {

inline constexpr std::size_t longest_token = 8192;  // bytes

// The `data` of the errors, as Feathers' clients know it from the library of the reference server.
inline constexpr std::string_view malformed_token = R"({"name":"JsonWebTokenError"})";
inline constexpr std::string_view unknown_signer =
    R"({"name":"JsonWebTokenError","message":"invalid signature"})";
inline constexpr std::string_view expired_token = R"({"name":"TokenExpiredError"})";
inline constexpr std::string_view early_token = R"({"name":"NotBeforeError"})";

// What a token must say, beside being signed.
struct token_rules {
  std::string issuer;                  // `iss`; empty: anybody
  std::vector<std::string> audiences;  // `aud` names one of them; empty: anything
  std::chrono::seconds leeway{30};     // by which clocks may differ
  bool must_expire = true;             // `exp` is required
  rights without_claim;                // of a token without the claim `flowcast`
};

// Whom a JWT (RFC 7519) proves its bearer to be, at `now`; not_authenticated otherwise, with why.
//
// Rules
//  1. Compact serialization (RFC 7515, section 3.1): three parts, strict base64url, at most
//     longest_token bytes. Header and payload are JSON objects of little depth in which no member
//     is there twice.
//  2. The key is one of `keys`: by the header's `kid`, where it has one and a key has that id;
//     otherwise any. What the header brings of keys (`jwk`, `jku`, `x5c`, `x5u`) is not looked at.
//  3. The algorithm is one that this key verifies, whatever the header says; `crit` is refused, as
//     no extension is understood (RFC 7515, section 4.1.11).
//  4. `exp`, `nbf`, `iss`, `aud`, `sub` and `jti` are of the types of RFC 7519, section 4.1, and
//     nothing of the payload is believed before the signature is verified.
//  5. A payload that does not hold together is refused as a whole: no claim is repaired.
[[nodiscard]] records::result<identity> read_token(std::string_view token,
                                                   const std::vector<token_key>& keys,
                                                   const token_rules& rules,
                                                   wall_clock::time_point now);

// The same of a payload whose signature was verified before: what it proves under other rules, or
// at another time.
[[nodiscard]] records::result<identity> read_claims(std::string payload, const token_rules& rules,
                                                    wall_clock::time_point now);

}  // namespace flowcast::auth
