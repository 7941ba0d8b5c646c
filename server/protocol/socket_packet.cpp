#include "protocol/socket_packet.hpp"

#include "protocol/decimal.hpp"
#include "protocol/utf8.hpp"

namespace flowcast::protocol {

namespace {

// As many as JavaScript's numbers can tell apart.
constexpr unsigned max_ack_digits = 15;
constexpr unsigned max_attachment_digits = 9;

constexpr bool is_binary(socket_packet_type type) {
  return type == socket_packet_type::binary_event || type == socket_packet_type::binary_ack;
}

socket_fault check_event(const json_value& payload) {
  const json_value name = payload.element(0);
  if (name.is(json_kind::string)) {
    return is_reserved_event(name) ? socket_fault::reserved_event : socket_fault::none;
  }
  return name.is(json_kind::number) ? socket_fault::none : socket_fault::bad_payload;
}

socket_fault check_payload(socket_packet_type type, const json_value& payload) {
  bool good = false;
  switch (type) {
    case socket_packet_type::connect:
      good = payload.is(json_kind::object);
      break;
    case socket_packet_type::disconnect:
      break;
    case socket_packet_type::event:
    case socket_packet_type::binary_event:
      return check_event(payload);
    case socket_packet_type::ack:
    case socket_packet_type::binary_ack:
      good = payload.is(json_kind::array);
      break;
    case socket_packet_type::connect_error:
      good = payload.is(json_kind::string) || payload.is(json_kind::object);
      break;
  }
  return good ? socket_fault::none : socket_fault::bad_payload;
}

socket_fault take_attachments(std::string_view& rest, std::uint32_t limit, std::uint32_t& count) {
  const auto number = take_decimal(rest, max_attachment_digits);
  if (!number || !rest.starts_with('-')) {
    return socket_fault::bad_attachments;
  }
  rest.remove_prefix(1);
  count = static_cast<std::uint32_t>(*number);
  return count > limit ? socket_fault::too_many_attachments : socket_fault::none;
}

socket_fault take_namespace(std::string_view& rest, std::size_t limit, std::string_view& found) {
  found = rest.substr(0, rest.find(','));
  rest.remove_prefix(found.size());
  if (!rest.empty()) {
    rest.remove_prefix(1);
  }
  return found.size() > limit || !is_utf8(found) ? socket_fault::bad_namespace : socket_fault::none;
}

socket_fault decode(std::string_view rest, const socket_packet_limits& limits,
                    socket_packet& packet) {
  if (rest.empty() || rest.front() < '0' || rest.front() > '6') {
    return socket_fault::unknown_type;
  }
  packet.type = static_cast<socket_packet_type>(rest.front() - '0');
  rest.remove_prefix(1);
  auto fault = socket_fault::none;
  if (is_binary(packet.type)) {
    fault = take_attachments(rest, limits.attachments, packet.attachments);
  }
  if (fault == socket_fault::none && rest.starts_with('/')) {
    fault = take_namespace(rest, limits.name_space, packet.name_space);
  }
  if (fault != socket_fault::none) {
    return fault;
  }
  if (!rest.empty() && is_decimal_digit(rest.front())) {
    packet.ack_id = take_decimal(rest, max_ack_digits);
    if (!packet.ack_id) {
      return socket_fault::bad_ack_id;
    }
  }
  if (rest.empty()) {
    return socket_fault::none;
  }
  const json_scan scan = scan_json(rest, limits.json_depth);
  if (!scan) {
    return socket_fault::bad_json;
  }
  packet.payload = scan.value;
  return check_payload(packet.type, packet.payload);
}

}  // namespace

bool is_reserved_event(const json_value& name) {
  for (const std::string_view reserved : {"connect", "connect_error", "disconnect", "disconnecting",
                                          "newListener", "removeListener"}) {
    if (name.equals(reserved)) {
      return true;
    }
  }
  return false;
}

decoded_socket_packet decode_socket_packet(std::string_view text,
                                           const socket_packet_limits& limits) {
  decoded_socket_packet decoded;
  decoded.fault = decode(text, limits, decoded.packet);
  return decoded;
}

void append_socket_packet(std::string& out, const socket_head& head, std::string_view payload) {
  out += static_cast<char>('0' + static_cast<char>(head.type));
  if (is_binary(head.type)) {
    append_decimal(out, head.attachments);
    out += '-';
  }
  if (head.name_space != "/") {
    out += head.name_space;
    out += ',';
  }
  if (head.ack_id) {
    append_decimal(out, *head.ack_id);
  }
  out += payload;
}

}  // namespace flowcast::protocol
