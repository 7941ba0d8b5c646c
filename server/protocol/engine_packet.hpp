#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flowcast::protocol {

// Engine.IO packets as websocket messages hold them: a text message is the type's digit and the
// data. Source: Engine.IO protocol, revisions 3 and 4
// (https://github.com/socketio/engine.io-protocol).
//
// Binary data is always of type `message`. A binary websocket message is the data itself in
// revision 4, and the byte 04 and the data in revision 3; a text message may carry it too, as
// `b<base64>` in revision 4 and `b4<base64>` in revision 3.

enum class engine_revision : std::uint8_t { three = 3, four = 4 };

enum class engine_packet_type : std::uint8_t {
  open = 0,
  close = 1,
  ping = 2,
  pong = 3,
  message = 4,
  upgrade = 5,
  noop = 6,
};

struct engine_packet {
  engine_packet_type type = engine_packet_type::noop;
  bool binary = false;
  std::string_view data;
};

// A packet of plain text; nothing if `text` begins with no type's digit (base64 included: see
// decode_engine_packet). The data is a slice.
[[nodiscard]] std::optional<engine_packet> decode_engine_text(std::string_view text);

// Any packet that may be written as text. The data is a slice of `text`, or of `buffer` if it came
// as base64 (what that held is lost then).
[[nodiscard]] std::optional<engine_packet> decode_engine_packet(std::string_view text,
                                                                engine_revision revision,
                                                                std::string& buffer);

// The packet in a binary websocket message. The data is a slice.
[[nodiscard]] std::optional<engine_packet> decode_engine_binary(std::string_view bytes,
                                                                engine_revision revision);

// The digit that a text packet of `type` begins with.
[[nodiscard]] constexpr char engine_digit(engine_packet_type type) {
  return static_cast<char>('0' + static_cast<char>(type));
}

// Appends a text packet.
void append_engine_text(std::string& out, engine_packet_type type, std::string_view data = {});

// Appends the content of a binary websocket message.
void append_engine_binary(std::string& out, engine_revision revision, std::string_view data);

}  // namespace flowcast::protocol
