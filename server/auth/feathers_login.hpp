#pragma once

#include <string>
#include <string_view>

#include "auth/authenticator.hpp"
#include "protocol/json_value.hpp"
#include "records/error.hpp"

// Feathers' `authentication` service: to log in with a token is to create an authentication, to log
// out to remove it.
namespace flowcast::auth {

inline constexpr std::string_view login_service = "authentication";

// The token that a client brings as JSON: `token`, or as Feathers' clients call it, `accessToken`.
// Empty: none.
[[nodiscard]] std::string token_in(protocol::json_value data);

// Whom {"strategy":"jwt","accessToken":"…"} logs in. not_authenticated for a strategy that is not
// known, for what has no token, and for a token that is refused.
[[nodiscard]] records::result<identity_ptr> log_in(const authenticator& by,
                                                   protocol::json_value data);

// {"accessToken":…,"authentication":{"strategy":"jwt","accessToken":…,"payload":{…}}}
[[nodiscard]] std::string login_json(std::string_view token, const identity& who);
// The same of who logs out. Over REST with the token that came along; a session has not kept its
// own.
[[nodiscard]] std::string logout_json(const identity& who);

}  // namespace flowcast::auth
