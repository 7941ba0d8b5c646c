#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flowcast::realtime {

// Why a session ended: for the log, the metrics, and the reason in a websocket's close frame.
enum class end_reason : std::uint8_t {
  client_left,       // said so: Engine.IO close, or the websocket's
  transport_closed,  // the connection went away, or a poll was aborted
  transport_error,   // the client broke the rules of its transport
  parse_error,
  too_large,
  ping_timeout,
  connect_timeout,
  too_slow,  // more waited for it than max_outbound
  replaced,  // came back on another connection
  refused,
  message_timeout,   // what it began to send did not end
  too_many_packets,  // more than max_packets
  not_authorized,    // its token has expired or was revoked
  rights_changed,    // the settings now say something else of what it may
  server_closed,
  draining,
};
inline constexpr std::size_t end_reasons = 16;

[[nodiscard]] std::string_view to_string(end_reason why);

// The websocket close code that says it (RFC 6455, 7.4.1), or none_given.
[[nodiscard]] std::uint16_t close_code(end_reason why);

}  // namespace flowcast::realtime
