#include "auth/observer_access.hpp"

namespace flowcast::auth {

using records::errc;
using records::error;

std::optional<error> refuse_observer(bool trusted, const identity_ptr& who,
                                     std::string_view address) {
  if (trusted) {
    return std::nullopt;
  }
  if (who) {
    if (who->may.observe()) {
      return std::nullopt;
    }
    if (who->is_nobody()) {
      return error{errc::not_authenticated,
                   "To see what the server does takes a key or token with the right to observe: "
                   "send it as Authorization: Bearer TOKEN",
                   {},
                   {}};
    }
    return error{errc::forbidden, "Your token does not allow to observe the server", {}, {}};
  }
  if (is_this_machine(address)) {
    return std::nullopt;
  }
  return error{errc::forbidden,
               "Without authentication only this machine sees what the server does: set a key up, "
               "or ask from there",
               {},
               {}};
}

bool is_this_machine(std::string_view address) {
  return address == "::1" || address.starts_with("127.");
}

}  // namespace flowcast::auth
