#pragma once

#include <cstdint>
#include <set>
#include <string_view>

#include "realtime/socket_application.hpp"
#include "realtime/socket_session.hpp"

namespace flowcast::conformance {

// What the public Socket.IO suites expect of a namespace: on connection `auth` with what the client
// brought; `message` comes back as `message-back`, `message-with-ack` as its ack, and
// `emit-with-ack` is emitted to ask for an ack, whose arguments are emitted in turn.
class protocol_application final : public realtime::socket_application {
 public:
  explicit protocol_application(realtime::socket_connection& connection)
      : connection_(&connection) {}

  void on_connect(protocol::json_value auth) override;
  void on_event(const realtime::socket_event& event) override;
  void on_ack(std::uint64_t ack_id, const realtime::socket_event& answer) override;
  void on_writable() override {}
  void on_disconnect(realtime::end_reason /*why*/) override {}

 private:
  realtime::socket_connection* connection_;
  std::uint64_t next_ack_ = 0;
  std::set<std::uint64_t> asked_;
};

}  // namespace flowcast::conformance
