#pragma once

#include <string_view>
#include <vector>

#include "auth/token_key.hpp"
#include "records/error.hpp"

namespace flowcast::auth {

inline constexpr std::size_t most_keys = 64;

// The keys in a JWK set, {"keys":[…]} (RFC 7517, section 5), that verify signatures. Those of
// other uses, kinds or algorithms are passed over, as section 5 asks. bad_request for what is no
// set, and for one in which no key is left.
[[nodiscard]] records::result<std::vector<token_key>> read_key_set(std::string_view json);

}  // namespace flowcast::auth
