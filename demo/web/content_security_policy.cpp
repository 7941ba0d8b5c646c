#include "web/content_security_policy.hpp"

namespace flowcast::demo {

std::optional<content_security_policy> parse_policy(std::string_view name) {
  if (name == "none") {
    return content_security_policy::none;
  }
  if (name == "wasm") {
    return content_security_policy::wasm;
  }
  if (name == "strict") {
    return content_security_policy::strict;
  }
  return std::nullopt;
}

std::string to_header(content_security_policy policy, std::string_view flowcast_url) {
  switch (policy) {
    case content_security_policy::none:
      return {};
    case content_security_policy::wasm:
      return "script-src 'self' 'wasm-unsafe-eval'";
    case content_security_policy::strict:
      break;
  }
  // A browser takes ws: for a scheme of its own, so the socket's origin is named beside the page's.
  const std::string http(flowcast_url);
  const std::string websocket = "ws" + http.substr(std::string_view("http").size());
  return "default-src 'self'; connect-src 'self' " + http + " " + websocket;
}

}  // namespace flowcast::demo
