#include "realtime/login_event.hpp"

#include <utility>

#include "auth/bearer.hpp"
#include "auth/feathers_login.hpp"

namespace flowcast::realtime {

using protocol::json_value;
using records::result;

namespace {

result<login_change> log_in(const auth::authenticator& by, const socket_event& event) {
  // Feathers' calls name the service first.
  json_value data = event.arguments.element(1);
  if (!data.is(protocol::json_kind::object))
    data = event.arguments.element(2);
  auto known = auth::log_in(by, data);
  if (!known)
    return known.error();
  std::string answer = auth::login_json(auth::token_in(data), **known);
  return login_change{*std::move(known), std::move(answer)};
}

}  // namespace

result<auth::identity_ptr> who_connects(const auth::authenticator& by, json_value connect,
                                        std::string_view authorization) {
  std::string token = auth::token_in(connect);
  if (token.empty())
    token = auth::token_in_header(authorization);
  if (token.empty())
    return by.anonymous();
  return by.authenticate(token);
}

std::optional<result<login_change>> read_login_event(const auth::authenticator& by,
                                                     const auth::identity& now,
                                                     const socket_event& event) {
  std::string name_buffer;
  std::string path_buffer;
  const std::string_view name = event.arguments.element(0).string(name_buffer);
  const bool is_service = event.arguments.element(1).string(path_buffer) == auth::login_service;
  if (name == "authenticate" || (is_service && name == "create") ||
      name == "authentication::create")
    return log_in(by, event);
  if (name == "logout" || (is_service && name == "remove") || name == "authentication::remove")
    return login_change{by.anonymous(), auth::logout_json(now)};
  return std::nullopt;
}

}  // namespace flowcast::realtime
