#include "realtime/engine_query.hpp"

#include <algorithm>
#include <string>

namespace flowcast::realtime {

namespace {

constexpr std::size_t longest_sid = 64;
constexpr std::size_t longest_index = 9;

bool digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

engine_query engine_query::parse(std::string_view text) {
  engine_query query;
  // No value that means anything here has a character that a client would escape.
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    const std::string_view name = pair.substr(0, equals);
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    if (name == "EIO") {
      if (value == "3")
        query.revision = protocol::engine_revision::three;
      if (value == "4")
        query.revision = protocol::engine_revision::four;
    } else if (name == "transport") {
      if (value == "polling")
        query.transport = transport_kind::polling;
      if (value == "websocket")
        query.transport = transport_kind::websocket;
    } else if (name == "sid") {
      query.has_sid = true;
      query.sid = value.substr(0, longest_sid + 1);
    } else if (name == "b64") {
      query.base64 = !value.empty();
    } else if (name == "j") {
      // What else came would be part of a script: only digits are echoed.
      if (value.size() <= longest_index && digits(value))
        query.jsonp = std::string(value);
    }
  }
  return query;
}

std::string_view to_string(engine_error what) {
  switch (what) {
    case engine_error::transport_unknown:
      return "Transport unknown";
    case engine_error::session_unknown:
      return "Session ID unknown";
    case engine_error::bad_handshake_method:
      return "Bad handshake method";
    case engine_error::bad_request:
      return "Bad request";
    case engine_error::unsupported_version:
      return "Unsupported protocol version";
  }
  return "Bad request";
}

std::string to_json(engine_error what) {
  return R"({"code":)" + std::to_string(static_cast<int>(what)) + R"(,"message":")" +
         std::string(to_string(what)) + R"("})";
}

}  // namespace flowcast::realtime
