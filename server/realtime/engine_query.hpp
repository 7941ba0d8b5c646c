#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/engine_packet.hpp"

namespace flowcast::realtime {

enum class transport_kind : std::uint8_t { polling, websocket };

// The query of a request to the Engine.IO path.
struct engine_query {
  std::optional<protocol::engine_revision> revision;  // EIO, 3 or 4 exactly
  std::optional<transport_kind> transport;
  std::string sid;
  bool has_sid = false;
  bool base64 = false;               // b64: the client takes no binary
  std::optional<std::string> jsonp;  // j: the digits of the callback's index

  [[nodiscard]] static engine_query parse(std::string_view text);
};

// What an Engine.IO server refuses a request with: HTTP 400 and {"code":n,"message":…}.
// Source: Engine.IO's server, in revisions 3 and 4.
enum class engine_error : std::uint8_t {
  transport_unknown = 0,
  session_unknown = 1,
  bad_handshake_method = 2,
  bad_request = 3,
  unsupported_version = 5,
};

[[nodiscard]] std::string_view to_string(engine_error what);
[[nodiscard]] std::string to_json(engine_error what);

}  // namespace flowcast::realtime
