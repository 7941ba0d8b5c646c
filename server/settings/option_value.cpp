#include "settings/option_value.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace flowcast::settings {

complaint set_switch(std::string_view text, bool& to) {
  if (text == "true" || text == "1" || text == "yes" || text == "on") {
    to = true;
  } else if (text == "false" || text == "0" || text == "no" || text == "off") {
    to = false;
  } else {
    return "must be true or false";
  }
  return std::nullopt;
}

complaint set_delivery(std::string_view text, services::delivery& to) {
  if (text == "keyed") {
    to = services::delivery::keyed;
  } else if (text == "broadcast") {
    to = services::delivery::broadcast;
  } else {
    return "must be `keyed` (clients hear of the keys they subscribe to) or `broadcast` (clients "
           "that subscribe to no key hear of all, as with Feathers)";
  }
  return std::nullopt;
}

complaint set_field(std::string_view text, std::string& to) {
  if (text.empty() || text.size() > 100) {
    return "must be the name of a member of the records, of 1 to 100 bytes";
  }
  to = text;
  return std::nullopt;
}

complaint set_address(std::string_view text, std::optional<http::listen_address>& to) {
  constexpr auto wanted =
      "must be HOST:PORT, such as 127.0.0.1:3030 or [::1]:3030, or https://HOST:PORT for TLS; port "
      "0 takes a free one";
  constexpr std::string_view plain = "http://";
  constexpr std::string_view secure = "https://";
  http::listen_address made;
  made.secure = text.starts_with(secure);
  if (made.secure) {
    text.remove_prefix(secure.size());
  } else if (text.starts_with(plain)) {
    text.remove_prefix(plain.size());
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) {
    return wanted;
  }
  std::string_view host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return "must have an IPv6 address in brackets, such as [::1]:3030";
  }
  if (host.empty() || set_number(text.substr(colon + 1), 0, 65535, made.port)) {
    return wanted;
  }
  made.host = host;
  to = std::move(made);
  return std::nullopt;
}

complaint check_service_name(std::string_view name) {
  // Paths that the server itself answers at.
  constexpr std::array<std::string_view, 6> taken = {"socket.io", "healthz", "readyz",
                                                     "metrics",   "status",  "authentication"};
  const bool plain =
      !name.empty() && name.size() <= 100 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
      });
  if (!plain || name.front() == '.' || name.front() == '-') {
    return "must be a name of letters, digits, `-`, `_` and `.`, such as microflow";
  }
  if (std::find(taken.begin(), taken.end(), name) != taken.end()) {
    return "is a path of the server's own; choose another name";
  }
  return std::nullopt;
}

complaint check_store(std::string_view text) {
  const bool known = text == "memory" || (text.starts_with("sqlite:") && text.size() > 7) ||
                     (text.starts_with("nats:") && text.size() > 5);
  if (!known) {
    return "must be memory, sqlite:PATH (such as sqlite:/var/lib/flowcast/flowcast.sqlite) or "
           "nats:URL (such as nats:nats://127.0.0.1:4222)";
  }
  return std::nullopt;
}

complaint check_origin(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos || scheme == 0 ||
      text.find('/', scheme + 3) != std::string_view::npos || text.size() == scheme + 3) {
    return "must be an origin as browsers send it, such as https://myapp.example.com, without a "
           "path";
  }
  return std::nullopt;
}

}  // namespace flowcast::settings
