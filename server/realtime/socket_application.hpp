#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol/json_value.hpp"
#include "realtime/end_reason.hpp"

namespace flowcast::realtime {

// An event from a client.
struct socket_event {
  protocol::json_value arguments;  // an array; its first element is the event's name
  std::optional<std::uint64_t> ack_id;
  // What the placeholders in the arguments stand for.
  std::span<const std::string> attachments;
};

// What a client talks to in one namespace. Owned by its connection. Slices are lost when a call
// returns; any of the calls may end the session.
class socket_application {
 public:
  socket_application() = default;
  socket_application(const socket_application&) = delete;
  socket_application& operator=(const socket_application&) = delete;
  virtual ~socket_application() = default;

  // The client wants in; `auth` is what it brought, or absent. To be answered, now or later, by
  // socket_connection::accept() or refuse().
  virtual void on_connect(protocol::json_value auth) = 0;
  virtual void on_event(const socket_event& event) = 0;
  // What a client acknowledged an event of ours with.
  virtual void on_ack(std::uint64_t ack_id, const socket_event& answer) = 0;
  virtual void on_writable() = 0;
  // The last call: the client has left the namespace, or its session has ended.
  virtual void on_disconnect(end_reason why) = 0;
};

}  // namespace flowcast::realtime
