#include "auth/feathers_login.hpp"

#include "protocol/json_writer.hpp"

namespace flowcast::auth {

using protocol::json_value;

std::string token_in(json_value data) {
  std::string buffer;
  std::string token(data.member("token").string(buffer));
  return token.empty() ? std::string(data.member("accessToken").string(buffer)) : token;
}

records::result<identity_ptr> log_in(const authenticator& by, json_value data) {
  const auto refuse = [](std::string why) {
    return records::error{records::errc::not_authenticated, std::move(why), {}, {}};
  };
  const json_value strategy = data.member("strategy");
  if (strategy && !strategy.equals("jwt")) {
    return refuse(
        "Invalid authentication information (strategy not allowed in authStrategies): it is 'jwt'");
  }
  const std::string token = token_in(data);
  if (token.empty()) {
    return refuse(strategy ? "No access token"
                           : "Invalid authentication information (no `strategy` set)");
  }
  return by.authenticate(token);
}

std::string login_json(std::string_view token, const identity& who) {
  std::string json = R"({"accessToken":)";
  protocol::append_json_string(json, token);
  json += R"(,"authentication":{"strategy":"jwt","accessToken":)";
  protocol::append_json_string(json, token);
  if (!who.claims.empty()) {
    json.append(R"(,"payload":)").append(who.claims);
  }
  return json + "}}";
}

std::string logout_json(const identity& who) {
  std::string json = R"({"accessToken":null,"authentication":{"strategy":"jwt")";
  if (!who.claims.empty()) {
    json.append(R"(,"payload":)").append(who.claims);
  }
  return json + "}}";
}

}  // namespace flowcast::auth
