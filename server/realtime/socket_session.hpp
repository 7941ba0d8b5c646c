#pragma once

#include <cstdint>
#include <forward_list>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/socket_packet.hpp"
#include "realtime/endpoint.hpp"
#include "realtime/engine_session.hpp"
#include "realtime/engine_user.hpp"
#include "realtime/socket_application.hpp"

namespace flowcast::realtime {

class socket_session;

// One client's connection to one namespace: what its application sends by.
class socket_connection {
 public:
  socket_connection(socket_session& session, std::string_view name_space);

  // Lets the client in: `reply` is the JSON object of the CONNECT packet, used in revision 5 only.
  // `ahead`: whole frames of this namespace that go before it, in the same write.
  void accept(std::string_view reply, std::string ahead = {});
  // Turns it away with a CONNECT_ERROR: `error` is its JSON.
  void refuse(std::string_view error);

  // Arguments: the elements of a JSON array, its brackets left out.
  void emit(std::string_view arguments, std::optional<std::uint64_t> ack_id = {});
  void emit_binary(std::string_view arguments, std::span<const std::string> attachments,
                   std::optional<std::uint64_t> ack_id = {});
  void acknowledge(std::uint64_t ack_id, std::string_view arguments);
  void acknowledge_binary(std::uint64_t ack_id, std::string_view arguments,
                          std::span<const std::string> attachments);
  // Tells the client that the server has ended the connection to the namespace.
  void disconnect();

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] std::string_view name_space() const {
    return name_space_ ? std::string_view(*name_space_) : main_name_space;
  }
  [[nodiscard]] bool in_main_name_space() const { return !name_space_; }
  [[nodiscard]] socket_session& session() { return *session_; }
  [[nodiscard]] engine_session& engine();

 private:
  friend class socket_session;

  static constexpr std::string_view main_name_space = "/";

  [[nodiscard]] std::string packet_of(protocol::socket_packet_type type, std::string_view payload,
                                      std::optional<std::uint64_t> ack_id,
                                      std::size_t attachments) const;
  void send(protocol::socket_packet_type type, std::string_view payload,
            std::optional<std::uint64_t> ack_id, std::span<const std::string> attachments);

  socket_session* session_;
  std::unique_ptr<const std::string> name_space_;  // nullptr: the main one
  std::unique_ptr<socket_application> application_;
  bool connected_ = false;
};

// Makes the application of a namespace; nullptr: there is no such namespace.
using make_application = std::function<std::unique_ptr<socket_application>(socket_connection&)>;

// The Socket.IO part of a session: namespaces, packets and their attachments (Socket.IO protocol 5
// on Engine.IO 4, and 4 on Engine.IO 3).
//
// Rules
//  1. Revision 4: the server connects the client to "/" unasked. Revision 5: the client asks; one
//  that is connected to
//     nothing when the connect timeout passes is ended.
//  2. A packet that cannot be read, or for a namespace that the client is not connected to, ends
//  the session.
//  3. The attachments of a packet follow it at once, within message_timeout, and are not longer
//  than max_payload together with it; a text message among them ends the session.
//  4. An unknown namespace is refused and changes nothing else.
class socket_session final : public engine_user {
 public:
  // `address`: of the client, for the log. `authorization`: the handshake's header, or empty.
  socket_session(engine_session& engine, const make_application& applications, std::string address,
                 const std::string& authorization = {}, observing may_look = observing::nowhere);
  ~socket_session() override;
  socket_session(const socket_session&) = delete;
  socket_session& operator=(const socket_session&) = delete;

  void on_open() override;
  void on_text(std::string_view message) override;
  void on_binary(std::string_view message) override;
  void on_writable() override;
  void on_connect_timeout() override;
  void on_end(end_reason why) override;

  [[nodiscard]] engine_session& engine() { return *engine_; }
  [[nodiscard]] std::string_view address() const override { return address_; }
  [[nodiscard]] observing may_look() const { return may_look_; }
  [[nodiscard]] std::string_view authorization() const {
    return authorization_ ? std::string_view(*authorization_) : std::string_view();
  }

 private:
  // A packet whose attachments are still to come.
  struct incomplete {
    incomplete(engine_session& engine, std::string_view text, std::uint32_t count)
        : packet(text), expected(count), bytes(text.size()), until(engine) {}

    std::string packet;
    std::uint32_t expected;
    std::size_t bytes;
    std::vector<std::string> attachments;
    deadline until;
  };

  socket_connection* find(std::string_view name_space);
  void connect(std::string_view name_space, protocol::json_value auth);
  void dispatch(const protocol::socket_packet& packet, std::span<const std::string> attachments);
  void leave(socket_connection& connection);

  engine_session* engine_;
  const make_application* applications_;
  std::string address_;
  std::unique_ptr<const std::string> authorization_;
  observing may_look_;
  std::forward_list<socket_connection> connections_;  // mostly one
  std::unique_ptr<incomplete> incomplete_;
};

}  // namespace flowcast::realtime
