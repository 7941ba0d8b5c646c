// A packet that is read can be written and read again; attachments stay within their limit.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/property.hpp"
#include "protocol/attachments.hpp"
#include "protocol/socket_packet.hpp"

namespace flowcast::protocol {
namespace {

using fuzz::require;

void check_attachments(const json_value& payload) {
  constexpr std::size_t limit = 500;
  const std::vector<std::string> attachments = {"", "\xff\x01", std::string(50, 'x')};
  std::string out;
  const attachment_fault fault = append_with_attachments(out, payload, attachments, limit);
  require(out.size() <= limit, "what is appended keeps to its limit");
  require(fault != attachment_fault::none || scan_json(out, highest_json_depth),
          "a payload with its attachments is JSON");
}

void check_input(std::string_view text) {
  const decoded_socket_packet decoded = decode_socket_packet(text);
  if (!decoded) {
    return;
  }
  const socket_packet& packet = decoded.packet;
  require(packet.name_space.starts_with('/'), "a namespace begins with a slash");
  if (packet.payload) {
    check_attachments(packet.payload);
  }
  std::string written;
  append_socket_packet(written, packet, packet.payload.text());
  const decoded_socket_packet again = decode_socket_packet(written);
  require(static_cast<bool>(again), "what is written can be read");
  require(again.packet.type == packet.type && again.packet.name_space == packet.name_space &&
              again.packet.ack_id == packet.ack_id &&
              again.packet.attachments == packet.attachments &&
              again.packet.payload.text() == packet.payload.text(),
          "a packet comes back");
}

}  // namespace
}  // namespace flowcast::protocol

void flowcast::fuzz::try_input(std::string_view input) {
  protocol::check_input(input);
}
