#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "auth/authenticator.hpp"
#include "hub/fan_out.hpp"
#include "operations/log.hpp"
#include "realtime/engine_server.hpp"
#include "realtime/postponed_events.hpp"
#include "realtime/recovery_token.hpp"
#include "realtime/replay.hpp"
#include "realtime/resumable_sessions.hpp"
#include "realtime/socket_application.hpp"
#include "realtime/socket_session.hpp"
#include "realtime/subscription_wish.hpp"
#include "realtime/token_watch.hpp"
#include "services/service_registry.hpp"
#include "stores/event_store.hpp"

namespace flowcast::realtime {

// What the clients of a shard share. Outlives them.
struct client_context {
  engine_server& engine;
  // All engine servers, by shard: a client that comes back may be open on another.
  const std::vector<engine_server*>& engines;
  hub::fan_out& fans;
  const services::service_registry& services;
  stores::event_store& store;
  resumable_sessions& resumable;
  operations::log& log;
  const auth::authenticator& auth;
  token_watch& tokens;
  subscription_limits limits;
};

// A client in a namespace: calls services, hears events, subscribes to keys, and recovers what it
// missed.
//
// Rules
//  1. Calls and events are Feathers', see feathers_call. A caller hears the events of its call
//  before the answer.
//  2. `["subscribe","microflow",[keys]]` and `["unsubscribe",…]` change what it hears; without
//  keys, of the whole
//     service. Idempotent, all keys or none, and acknowledged with the offset from which it holds.
//  3. The CONNECT packet may say what it subscribes to and the offset up to which it has heard
//  everything,
//     {"subscribe":{"microflow":[keys]},"offset":"…"}; or, from stock clients,
//     {"pid":"…","offset":"…"}. It is then sent what it missed of that, in log order, before the
//     answer, which says that it recovered; and what is later after it: each event once. Where the
//     log does not reach back that far, the answer says so, and it hears what is new.
//     A stock client keeps what came before the answer, also over a connection that broke without
//     one, and does not count it into its offset: it would hear that part twice. So what it missed
//     leaves in one piece with the answer, and where that is more than most_before_answer, the
//     answer goes first. What the client asks for meanwhile is done once it has caught up.
//  4. Only clients of Engine.IO 4 are sent offsets and a pid.
//  5. Where authentication is on, a client is who its token says: that of the CONNECT packet
//  (`token`, or Feathers' `accessToken`), else of the handshake's Authorization header. It may
//  change while it is connected: `["authenticate",{"token":…}]` and `["logout"]`, or the
//  `authentication` service of Feathers. It calls, hears and recovers what it may, and no more.
//  6. Some time before its token expires it is sent `["token_expiring",{"expires":<seconds since
//  1970>}]`. When the token has expired, or was revoked, it is sent `["token_expired",<error>]` and
//  disconnected.
class client final : public socket_application, private hub::frame_sink, private replay_user {
 public:
  client(socket_connection& connection, client_context& context);
  ~client() override;
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  void on_connect(protocol::json_value auth) override;
  void on_event(const socket_event& event) override;
  void on_ack(std::uint64_t ack_id, const socket_event& answer) override;
  void on_writable() override;
  void on_disconnect(end_reason why) override;

 private:
  class session_login;

  // A client that comes back, until it is connected.
  struct recovery {
    std::vector<subscription_wish> wishes;
    records::offset after;
    std::shared_ptr<replay> reader;
    // Runs while the client is ahead of this shard, or of this node.
    std::unique_ptr<boost::asio::steady_timer> ahead;
    int waits = 0;
    int rounds = 0;
    bool joined = false;
    std::string held;       // frames, until the answer goes out with them
    bool answered = false;  // ahead of the replay
    std::unique_ptr<postponed_events> asked;
  };

  std::size_t write_some(std::string_view frames) override;
  void write_all(std::string_view frames) override;
  void overrun(std::string_view rest) override;

  void on_replay(std::string_view frames) override;
  [[nodiscard]] bool ready_for_more() const override;
  void on_replayed() override;
  void on_out_of_reach() override;
  void on_replay_failed(const records::error& why) override;

  void refuse(const records::error& why);
  [[nodiscard]] std::optional<records::error> log_in(protocol::json_value auth,
                                                     std::vector<subscription_wish>& wishes);
  void become(auth::identity_ptr who);
  void narrow();
  void authenticate(const socket_event& event);
  void log_out(const socket_event& event);
  [[nodiscard]] bool handle_login(const socket_event& event, std::string_view name);
  void on_token_invalid();
  void take_over(const recovery_token& token, std::vector<subscription_wish>& wishes);
  void recover(const records::offset& after, std::vector<subscription_wish> wishes);
  void start_replay();
  void wait_for_head();
  void join(const std::vector<subscription_wish>& wishes);
  // Whether what it missed and the answer leave in one piece, see rule 3.
  [[nodiscard]] bool answers_at_once() const { return token_ && !says_offsets_; }
  // `ahead`: frames of what the client missed, to go out with the answer.
  void accept(bool recovered, std::string ahead = {});
  void handle(const socket_event& event);

  void call(const socket_event& event);
  void change_subscriptions(const socket_event& event, bool subscribe);
  void apply(const subscription_wish& wish, bool subscribe);
  void answer(std::optional<std::uint64_t> ack_id, const records::result<services::answer>& with);
  void acknowledge(std::optional<std::uint64_t> ack_id, std::string_view arguments);
  void send_in_name_space(std::string_view frames);

  [[nodiscard]] engine_session& engine() const { return connection_->engine(); }
  [[nodiscard]] const std::string& address() const { return connection_->session().address(); }
  [[nodiscard]] bool stamped() const { return listener_.frames() == hub::framing::stamped; }

  socket_connection* connection_;
  client_context* context_;
  hub::listener listener_;
  std::unique_ptr<recovery> recovery_;
  std::unique_ptr<recovery_token> token_;  // of a client that recovers by it
  std::unique_ptr<session_login> login_;   // nullptr: authentication is off
  // For answers that may come when the client is gone: read on the shard's thread alone.
  std::shared_ptr<client*> self_;
  bool says_offsets_ = false;  // it spoke of subscriptions or offsets when it connected
};

}  // namespace flowcast::realtime
