#pragma once

#include <memory>
#include <string>

#include "realtime/client_context.hpp"
#include "realtime/socket_application.hpp"
#include "realtime/socket_session.hpp"
#include "realtime/status_board.hpp"

namespace flowcast::realtime {

inline constexpr std::string_view observed_namespace = "/status";

// Somebody who looks at the server, in the namespace `/status`: is sent `["status",{…}]` once a
// second, at first everything that is known, then what is new. Who may is said by
// auth::refuse_observer; when that ends, so does the connection.
class observer final : public socket_application {
 public:
  observer(socket_connection& connection, client_context& context, status_board& board);
  ~observer() override;
  observer(const observer&) = delete;
  observer& operator=(const observer&) = delete;

  void on_connect(protocol::json_value auth) override;
  void on_event(const socket_event& /*event*/) override {}
  void on_ack(std::uint64_t /*ack_id*/, const socket_event& /*answer*/) override {}
  void on_writable() override {}
  void on_disconnect(end_reason why) override;

 private:
  class reader;
  class login;

  socket_connection* connection_;
  client_context* context_;
  status_board* board_;
  std::unique_ptr<login> login_;
  std::shared_ptr<reader> reader_;
};

}  // namespace flowcast::realtime
