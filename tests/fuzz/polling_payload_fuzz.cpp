// The packets of a body, in each of the forms, can be written and read again. Also the packets of
// single websocket messages.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/property.hpp"
#include "protocol/engine_packet.hpp"
#include "protocol/polling_payload.hpp"
#include "protocol/utf8.hpp"

namespace flowcast::protocol {
namespace {

using fuzz::require;

constexpr std::size_t max_packets = 50;

struct kept_packet {
  engine_packet_type type;
  bool binary;
  std::string data;
  bool operator==(const kept_packet&) const = default;
};

std::vector<kept_packet> read(std::string_view body, payload_form form) {
  std::vector<kept_packet> packets;
  payload_reader reader(body, form, max_packets);
  engine_packet packet;
  std::string buffer;
  while (reader.next(packet, buffer) == payload_step::packet) {
    require(packet.binary || is_utf8(packet.data), "text packets are UTF-8");
    packets.push_back({packet.type, packet.binary, std::string(packet.data)});
  }
  require(packets.size() <= max_packets, "packets are limited");
  require(reader.next(packet, buffer) == payload_step::end, "the end is the end");
  return packets;
}

void check_form(std::string_view body, payload_form form) {
  const std::vector<kept_packet> packets = read(body, form);
  std::string payload;
  for (const kept_packet& packet : packets) {
    if (packet.binary) {
      append_binary_message(payload, form, packet.data);
    } else {
      std::string text;
      append_engine_text(text, packet.type, packet.data);
      append_text_packet(payload, form, text);
    }
  }
  require(read(payload, form) == packets, "packets come back");
}

void check_message(std::string_view message, engine_revision revision) {
  std::string buffer;
  const auto text = decode_engine_packet(message, revision, buffer);
  if (text && !text->binary) {
    std::string written;
    append_engine_text(written, text->type, text->data);
    require(written == message, "a text packet comes back");
  }
  if (const auto binary = decode_engine_binary(message, revision)) {
    std::string written;
    append_engine_binary(written, revision, binary->data);
    require(written == message, "a binary packet comes back");
  }
}

void check_input(std::string_view body) {
  check_form(body, payload_form::separated);
  check_form(body, payload_form::counted);
  check_form(body, payload_form::framed);
  check_message(body, engine_revision::three);
  check_message(body, engine_revision::four);
}

}  // namespace
}  // namespace flowcast::protocol

void flowcast::fuzz::try_input(std::string_view input) {
  protocol::check_input(input);
}
