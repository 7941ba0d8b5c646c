#include "services/access.hpp"

#include <string>
#include <utility>

namespace flowcast::services {

using records::errc;
using records::error;

error may_not(const auth::identity& who, std::string_view what, std::string_view service) {
  const std::string action = std::string(what) + " '" + std::string(service) + "'";
  if (who.is_nobody()) {
    return {errc::not_authenticated,
            "You may not " + action + " without a token: send one as Authorization: Bearer TOKEN",
            {},
            {}};
  }
  return {errc::forbidden, "Your token does not allow to " + action, {}, {}};
}

records::result<auth::rights::keys> keys_for(method what, std::string_view service,
                                             const auth::identity& who) {
  auth::rights::keys may = is_read(what) ? who.may.subscribe(service) : who.may.publish(service);
  if (may->is_none()) {
    return may_not(who, is_read(what) ? "read" : "publish to", service);
  }
  return may;
}

std::optional<error> authorize(call& request, std::string_view service, const auth::identity& who) {
  auto may = keys_for(request.what, service, who);
  if (!may) {
    return may.error();
  }
  if (is_read(request.what) && !(*may)->is_all()) {
    request.query.narrow_to(*std::move(may));
  }
  return std::nullopt;
}

std::optional<error> refuse_pose(const auth::identity* who,
                                 const std::optional<std::string>& user) {
  if (who == nullptr || !who->is_person() || !user || *user == who->subject) {
    return std::nullopt;
  }
  return error{errc::forbidden,
               "Your token is of '" + who->subject + "', not of '" + *user +
                   "': leave 'user' out, or make it the token's subject",
               {},
               {}};
}

void prove_name(std::optional<std::string>& given, const auth::identity* who) {
  if (who != nullptr && !who->name.empty()) {
    given = who->name;
  }
}

error method_not_multi(method what) {
  return {errc::method_not_allowed,
          "Can not " + std::string(to_string(what)) + " multiple entries",
          {},
          {}};
}

}  // namespace flowcast::services
