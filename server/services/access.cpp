#include "services/access.hpp"

#include <string>

namespace flowcast::services {

using records::errc;
using records::error;

error may_not(const auth::identity& who, std::string_view what, std::string_view service) {
  const std::string action = std::string(what) + " '" + std::string(service) + "'";
  if (who.subject.empty() && who.claims.empty()) {
    return {errc::not_authenticated,
            "You may not " + action + " without a token: send one as Authorization: Bearer TOKEN",
            {},
            {}};
  }
  return {errc::forbidden, "Your token does not allow to " + action, {}, {}};
}

error method_not_multi(method what) {
  return {errc::method_not_allowed,
          "Can not " + std::string(to_string(what)) + " multiple entries",
          {},
          {}};
}

}  // namespace flowcast::services
