#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "protocol/engine_packet.hpp"
#include "realtime/deadline_list.hpp"
#include "realtime/end_reason.hpp"
#include "realtime/endpoint.hpp"
#include "realtime/engine_user.hpp"
#include "realtime/packet_budget.hpp"
#include "realtime/polling_transport.hpp"
#include "realtime/session_id.hpp"
#include "realtime/transport.hpp"
#include "realtime/websocket_transport.hpp"

namespace flowcast::realtime {

// What a session needs of its shard.
class engine_host {
 public:
  engine_host() = default;
  engine_host(const engine_host&) = delete;
  engine_host& operator=(const engine_host&) = delete;
  virtual ~engine_host() = default;

  enum class patience : std::uint8_t { interval, answer, heartbeat, connect, upgrade, message };
  virtual void arm(patience which, deadline& what) = 0;
  // Counts a packet; false: the client sends too many.
  [[nodiscard]] virtual bool admits_packet(packet_budget& of) = 0;
  // The session has ended: it is destroyed later, from the loop.
  virtual void retire(engine_session& which, transport_kind last, end_reason why) = 0;
  virtual void upgraded() = 0;
  [[nodiscard]] virtual std::size_t max_payload() const = 0;
  // An ended websocket that has not finished yet.
  virtual void see_off(std::unique_ptr<websocket_transport> ended) = 0;
  // Calls end(why) from the loop, unless the session is gone by then.
  virtual void end_later(engine_session& which, end_reason why) = 0;
  [[nodiscard]] virtual std::string open_packet(const engine_session& of) const = 0;
};

// One Engine.IO session: heartbeat, transports and their change (Engine.IO protocol, revisions 3
// and 4).
//
// Rules
//  1. Revision 4: the server pings every ping_interval and waits ping_timeout for the pong.
//  Revision 3: the client
//     pings, and the session ends when it has not for ping_interval + ping_timeout. A heartbeat
//     from the wrong side ends the session.
//  2. A polling session moves to a websocket by `2probe`, `3probe`, `5`; until the last it goes on
//  by polling, and
//     a poll that waits is released by a noop. What was queued for the next poll leaves by the
//     websocket.
//  3. A message, or a packet with its attachments, must be complete message_timeout after it has
//  begun, and no more packets may come than max_packets: what a client holds here, and the work
//  that it makes, is bounded.
//  4. It ends once, with one reason. Whatever comes later is dropped.
class engine_session final : private websocket_user {
 public:
  engine_session(engine_host& host, session_id id, session_handle handle,
                 protocol::engine_revision revision);
  ~engine_session() override;
  engine_session(const engine_session&) = delete;
  engine_session& operator=(const engine_session&) = delete;

  // One of them once, with its user: tells the client that the session is open.
  void open_polling(std::unique_ptr<polling_transport> transport,
                    std::unique_ptr<engine_user> user);
  // False: the socket could not be served; the session is to be destroyed.
  bool open_websocket(websocket_context& with, const engine_query& query, stream socket,
                      std::string_view received, std::unique_ptr<engine_user> user);

  // Requests of a polling client. Nothing, if the session is on a websocket by now.
  [[nodiscard]] polling_transport* polling();
  void on_poll(const engine_query& query, respond done);
  void on_post(const engine_query& query, std::string_view body, bool binary, const respond& done);
  void on_poll_aborted();
  // Whether a websocket may probe.
  [[nodiscard]] bool may_upgrade() const {
    return transport_ && transport_->kind() == transport_kind::polling && !probe_;
  }
  void on_probe(websocket_context& with, const engine_query& query, stream socket,
                std::string_view received);

  void on_deadline(engine_host::patience which);

  // For the user. A packet with its Engine.IO type, "4…".
  void send_text(std::string_view packet);
  void send_binary(std::string_view data);
  std::size_t write_some(std::string_view frames);
  void write_all(std::string_view frames);
  [[nodiscard]] bool drained() const { return !transport_ || transport_->drained(); }
  // Bytes that wait for its client.
  [[nodiscard]] std::size_t waiting() const { return transport_ ? transport_->waiting() : 0; }
  // Connected to a namespace: the connect timeout is off.
  void connected() { unconnected_.reset(); }
  [[nodiscard]] std::size_t max_payload() const { return host_->max_payload(); }
  // A packet has begun that must be complete in time, unless `until` is cancelled.
  void expect_rest(deadline& until) { host_->arm(engine_host::patience::message, until); }
  // From outside a call of the hub or a transport. Idempotent.
  void end(end_reason why);
  // From anywhere.
  void end_later(end_reason why) { host_->end_later(*this, why); }
  // Ends it once what waits has left.
  void end_when_drained(end_reason why);

  [[nodiscard]] bool ended() const { return state_ == state::ended; }
  [[nodiscard]] const session_id& id() const { return id_; }
  [[nodiscard]] session_handle handle() const { return handle_; }
  [[nodiscard]] protocol::engine_revision revision() const { return revision_; }
  [[nodiscard]] transport_kind kind() const {
    return transport_ ? transport_->kind() : transport_kind::polling;
  }
  [[nodiscard]] std::string_view address() const {
    return user_ ? user_->address() : std::string_view();
  }
  [[nodiscard]] bool by_websocket() const { return kind() == transport_kind::websocket; }

 private:
  enum class state : std::uint8_t { opening, open, ended };

  struct probing {
    probing(engine_session& owner, std::unique_ptr<websocket_transport> websocket)
        : by(std::move(websocket)), until(owner) {}
    std::unique_ptr<websocket_transport> by;
    deadline until;
    bool answered = false;
  };

  void on_websocket_message(websocket_transport& from, std::string_view message,
                            bool binary) override;
  void on_websocket_part(websocket_transport& from) override;
  void on_websocket_ping(websocket_transport& from) override;
  void on_websocket_drained(websocket_transport& from) override;
  void on_websocket_gone(websocket_transport& from, end_reason why) override;

  void begin(std::unique_ptr<engine_user> user);
  [[nodiscard]] bool count_packet();
  void on_packet(const protocol::engine_packet& packet);
  void on_probe_packet(const protocol::engine_packet& packet);
  void move_to_probe();
  void drop_probe(end_reason why);
  void on_drained();

  engine_host* host_;
  std::unique_ptr<transport> transport_;
  state state_ = state::opening;  // with the transport: each delivery asks for both
  protocol::engine_revision revision_;
  bool awaits_pong_ = false;
  bool ends_when_drained_ = false;
  end_reason planned_end_ = end_reason::server_closed;
  std::unique_ptr<engine_user> user_;
  std::unique_ptr<probing> probe_;
  deadline heartbeat_;
  std::unique_ptr<deadline> unconnected_;  // until it is connected to a namespace
  std::unique_ptr<deadline> unfinished_;   // of a message that has come in part
  session_id id_;
  session_handle handle_;
  packet_budget packets_;
};

}  // namespace flowcast::realtime
