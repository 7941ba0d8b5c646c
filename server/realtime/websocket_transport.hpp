#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "operations/backlog.hpp"
#include "protocol/engine_packet.hpp"
#include "protocol/frame_decoder.hpp"
#include "realtime/departures.hpp"
#include "realtime/send_batch.hpp"
#include "realtime/socket_set.hpp"
#include "realtime/stream.hpp"
#include "realtime/transport.hpp"

namespace flowcast::realtime {

class websocket_transport;

// Who is told what arrives on a websocket. Any of the calls may end the transport, or replace its
// user.
class websocket_user {
 public:
  websocket_user() = default;
  websocket_user(const websocket_user&) = delete;
  websocket_user& operator=(const websocket_user&) = delete;
  virtual ~websocket_user() = default;

  // The message is lost with the next call.
  virtual void on_websocket_message(websocket_transport& from, std::string_view message,
                                    bool binary) = 0;
  // A message has begun to arrive, and is not complete.
  virtual void on_websocket_part(websocket_transport& from) = 0;
  // The client has pinged, and been answered.
  virtual void on_websocket_ping(websocket_transport& from) = 0;
  // What had to wait has left.
  virtual void on_websocket_drained(websocket_transport& from) = 0;
  // The connection is of no more use, but for end(). Never called from within a call to the
  // transport.
  virtual void on_websocket_gone(websocket_transport& from, end_reason why) = 0;
};

// What the websockets of a shard share.
struct websocket_context {
  socket_set& sockets;
  departures& leaving;
  send_batch& together;
  std::size_t max_payload;
  std::size_t max_outbound;
  // Of all their queues.
  operations::backlog& queued_bytes;
  // Where a message is put together for as long as the call that reads it.
  std::string scratch{};
};

// A websocket after its handshake, straight on its socket.
//
// Rules
//  1. What is sent leaves at once, by a direct send or with the batch that is open; a queue exists
//  only while the socket is full.
//  2. Idle, it holds no buffer: only a message that has come in part, and what waits to leave, are
//  kept.
//  3. What waits is bounded by max_outbound, a message by max_payload; past either, the transport
//  is gone.
//  4. It is destroyed from the shard's loop, never below one of its own calls.
//  5. The client's pings are answered, and so is its close frame (RFC 6455, 5.5).
class websocket_transport final : public transport, private socket_member, private batched_sender {
 public:
  // `base64`: the client takes no binary messages. `with` and `user` outlive the transport, or the
  // user until end().
  websocket_transport(websocket_context& with, stream socket, protocol::engine_revision revision,
                      bool base64, websocket_user& user);
  ~websocket_transport() override;
  websocket_transport(const websocket_transport&) = delete;
  websocket_transport& operator=(const websocket_transport&) = delete;

  // Begins to read. False: the kernel takes no more sockets in.
  [[nodiscard]] bool start();
  void set_user(websocket_user& user) { user_ = &user; }
  // Bytes that came before the transport was there.
  void take(std::span<char> bytes);

  [[nodiscard]] transport_kind kind() const override { return transport_kind::websocket; }
  void send_text(std::string_view packet) override;
  void send_binary(std::string_view data) override;
  std::size_t write_some(std::string_view frames) override;
  void write_all(std::string_view frames) override;
  [[nodiscard]] bool drained() const override { return !queue_ && !full_; }
  [[nodiscard]] std::size_t waiting() const override { return queue_ ? queue_->size() : 0; }
  void end(end_reason why) override;

  // For departures.
  void tell_failure();
  [[nodiscard]] bool finished() const { return finished_; }

 private:
  void on_ready(readiness now) override;
  void on_sent(std::string_view bytes, transfer how) override;
  void send_alone(std::string_view bytes) override;
  // `hung_up`: the client has ended its side, behind what is to be read.
  void read(bool hung_up);
  void handle(const protocol::frame_event& event);
  void write_queued();
  void keep(std::string_view rest);
  // How many bytes the socket took. Fails the transport if the connection is gone.
  std::size_t send(std::string_view bytes);
  void fail(end_reason why);
  [[nodiscard]] bool dead() const { return failed_ || user_ == nullptr; }

  websocket_context* with_;
  websocket_user* user_;  // null once ended
  std::unique_ptr<std::string> queue_;
  [[no_unique_address]] stream socket_;  // what follows fits behind its last member
  protocol::engine_revision revision_;
  end_reason failure_ = end_reason::transport_closed;
  bool base64_ : 1;
  bool full_ : 1 = false;      // write_some() took less than it was offered
  bool failed_ : 1 = false;    // its user is told, or will be
  bool finished_ : 1 = false;  // ended, and so has the client
  // Of what comes in; behind what each delivery asks for.
  std::unique_ptr<std::string> partial_;
  protocol::frame_decoder decoder_;
};

}  // namespace flowcast::realtime
