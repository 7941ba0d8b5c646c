#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/json_scanner.hpp"
#include "protocol/json_value.hpp"

namespace flowcast::protocol {

// Socket.IO packets: the text within an Engine.IO message.
//
//   <type>[<attachments>-][<namespace>,][<ack id>][<JSON payload>]
//
// Source: Socket.IO protocol, revision 5 (https://socket.io/docs/v4/socket-io-protocol), which
// Engine.IO 4 carries, and revision 4 over Engine.IO 3. On the wire the two differ only in who
// connects first and in what CONNECT carries, so one decoder reads both; how strict it is follows
// the reference parser, socket.io-parser. The namespace `/` is never written.

enum class socket_packet_type : std::uint8_t {
  connect = 0,
  disconnect = 1,
  event = 2,
  ack = 3,
  connect_error = 4,  // ERROR in revision 4
  binary_event = 5,
  binary_ack = 6,
};

struct socket_head {
  socket_packet_type type = socket_packet_type::event;
  // Also holds the query that revision 4 clients may put behind it: see namespace_path.
  std::string_view name_space = "/";
  std::optional<std::uint64_t> ack_id = {};
  // How many binary messages follow and belong to this packet. Only binary types have any.
  std::uint32_t attachments = 0;
};

struct socket_packet : socket_head {
  // What the parser lets through: CONNECT an object or nothing; DISCONNECT nothing; events an array
  // whose first element is a name (a string that is not reserved, or a number) or nothing; acks an
  // array or nothing; CONNECT_ERROR a string, an object or nothing.
  json_value payload;
};

struct socket_packet_limits {
  std::size_t name_space = 256;  // bytes
  std::uint32_t attachments = 64;
  unsigned json_depth = default_json_depth;
};

enum class socket_fault : std::uint8_t {
  none,
  unknown_type,
  bad_attachments,
  too_many_attachments,
  bad_namespace,
  bad_ack_id,
  bad_json,
  bad_payload,
  reserved_event,
};

struct decoded_socket_packet {
  socket_packet packet;  // slices of the text; only meaningful without fault
  socket_fault fault = socket_fault::none;

  [[nodiscard]] explicit operator bool() const { return fault == socket_fault::none; }
};

// Reads one packet in place. A fault means that the session must be closed with a parse error:
// nothing after it can be trusted to be in step.
[[nodiscard]] decoded_socket_packet decode_socket_packet(std::string_view text,
                                                         const socket_packet_limits& limits = {});

// For logs: "the payload is not JSON".
[[nodiscard]] std::string_view describe(socket_fault fault);

// Appends a packet with a payload that is JSON already, or none.
void append_socket_packet(std::string& out, const socket_head& head, std::string_view payload = {});

// The namespace without the query that a revision 4 client appends: "/admin" of "/admin?token=1".
[[nodiscard]] inline std::string_view namespace_path(std::string_view name_space) {
  return name_space.substr(0, name_space.find('?'));
}

// True for a name that only the libraries themselves may emit, such as "disconnect".
[[nodiscard]] bool is_reserved_event(const json_value& name);

}  // namespace flowcast::protocol
