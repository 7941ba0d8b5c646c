#pragma once

#include <cstdint>

namespace flowcast::core {

// How it stands with the server. host/words.js holds the words, in this order.
enum class connection_state : std::uint8_t {
  connecting,
  connected,
  disconnected,  // and trying again
  refused,       // the server said no: trying again slowly, and at once with another token
  failed,        // nothing on this page can help: it does not try again by itself
};

// Why. host/words.js holds the words, in this order.
enum class cause : std::uint8_t {
  none,
  // It tries again by itself:
  unreachable,  // no connection came about
  lost,         // it broke
  silent,       // no heartbeat in time
  closed,       // by the server
  protocol,     // what came is not Engine.IO 4 and Socket.IO
  oversized,    // more than a page should take in
  busy,         // 429, 503
  expiring,     // the token, soon; said while connected
  // Someone has to change something first:
  token,      // 401
  forbidden,  // 403
  service,    // 404
  rejected,   // any other refusal
  // Nothing on this page can help:
  insecure,  // ws: from an https: page
  policy,    // the page's Content-Security-Policy
  url,       // is none
};

[[nodiscard]] constexpr bool needs_a_person(cause why) {
  return why >= cause::token;
}

[[nodiscard]] constexpr bool needs_another_page(cause why) {
  return why >= cause::insecure;
}

}  // namespace flowcast::core
