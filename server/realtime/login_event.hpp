#pragma once

#include <optional>
#include <string>

#include "auth/authenticator.hpp"
#include "realtime/socket_application.hpp"
#include "records/error.hpp"

namespace flowcast::realtime {

// Who a client is after an event, and the JSON that it is answered.
struct login_change {
  auth::identity_ptr who;
  std::string answer;
};

// Whom a client comes as: by the token of its CONNECT packet (`token`, or Feathers' `accessToken`),
// else by that of its handshake's Authorization header, else as nobody in particular.
[[nodiscard]] records::result<auth::identity_ptr> who_connects(const auth::authenticator& by,
                                                               protocol::json_value connect,
                                                               std::string_view authorization);

// `["authenticate",{"token":…}]` and `["logout"]`, or the same by Feathers' `authentication`
// service; nothing: the event is none of these. `now`: who the client is before it.
[[nodiscard]] std::optional<records::result<login_change>> read_login_event(
    const auth::authenticator& by, const auth::identity& now, const socket_event& event);

}  // namespace flowcast::realtime
