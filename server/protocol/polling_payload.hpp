#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/engine_packet.hpp"

namespace flowcast::protocol {

// The bodies of long-polling requests and responses: any number of Engine.IO packets in one text.
// Source: Engine.IO protocol, revision 4, "HTTP long-polling: packet encoding", and revision 3,
// "Payload".
enum class payload_form : std::uint8_t {
  // Revision 4: packets joined by 0x1e; binary data as `b<base64>`.
  separated,
  // Revision 3: `<length>:<packet>` for each, the length in UTF-16 code units; binary data as
  // `b4<base64>`.
  counted,
  // Revision 3, where a packet is binary and the client can take it (no `b64` in its query; from a
  // client: Content-Type application/octet-stream): for each packet the byte 00 (text) or 01
  // (binary), the length in bytes as decimal digits of the values 0 to 9, the byte ff, the packet.
  framed,
};

// More than a client queues between two polls; the size of a body is the HTTP side's to limit.
inline constexpr std::size_t default_max_packets = 10'000;

enum class payload_step : std::uint8_t {
  packet,
  end,
  malformed,         // the session must be closed with a parse error
  too_many_packets,  // likewise
};

// Reads the packets of a body one after the other. What comes before a fault is given first, as
// the reference server does. An empty body is malformed, and so is an empty packet; text packets
// are UTF-8.
class payload_reader {
 public:
  payload_reader(std::string_view body, payload_form form,
                 std::size_t max_packets = default_max_packets)
      : rest_(body), left_(max_packets), form_(form) {}

  // With payload_step::packet, `packet` is the next one: its data a slice of the body, or of
  // `buffer` if it came as base64 (what that held is lost then). Any other step is the last.
  [[nodiscard]] payload_step next(engine_packet& packet, std::string& buffer);

 private:
  struct content {
    bool good = false;
    bool binary = false;
    std::string_view bytes;
  };

  [[nodiscard]] content take_separated();
  [[nodiscard]] content take_counted();
  [[nodiscard]] content take_framed();

  std::string_view rest_;
  std::size_t left_;
  payload_form form_;
  bool ended_ = false;
};

// Append one packet to a payload, which must hold nothing but packets appended so, in one form.
// `packet` is a text packet, its type's digit included; `data` belongs to a binary message.
void append_text_packet(std::string& payload, payload_form form, std::string_view packet);
void append_binary_message(std::string& payload, payload_form form, std::string_view data);

}  // namespace flowcast::protocol
