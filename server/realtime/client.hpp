#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/listener.hpp"
#include "realtime/client_context.hpp"
#include "realtime/client_view.hpp"
#include "realtime/login_event.hpp"
#include "realtime/recovery.hpp"
#include "realtime/resumption.hpp"
#include "realtime/socket_application.hpp"
#include "realtime/socket_session.hpp"
#include "realtime/subscription_wish.hpp"
#include "services/service.hpp"

namespace flowcast::realtime {

// A client in a namespace: calls services, hears events, subscribes to keys, and recovers what it
// missed.
//
// Rules
//  1. Calls and events are Feathers', see feathers_call. A caller hears the events of its call
//  before the answer.
//  2. `["subscribe","microflow",[keys]]` and `["unsubscribe",…]` change what it hears; without
//  keys, of the whole
//     service. Idempotent, all keys or none, and acknowledged with the offset from which it holds,
//     and with what the keys are at now where the service says so (locks, presence).
//  3. The CONNECT packet may say what it subscribes to and the offset up to which it has heard
//  everything,
//     {"subscribe":{"microflow":[keys]},"offset":"…"}; or, from stock clients,
//     {"pid":"…","offset":"…"}. It is then sent what it missed of that, in log order, before the
//     answer, which says that it recovered (stock clients in one piece with it, or after it: rule 4
//     of recovery); and what is later after it: each event once. Where the log does not reach back
//     that far, the answer says so, and it hears what is new. What the client asks for meanwhile is
//     done once it has caught up.
//  4. Only clients of Engine.IO 4 are sent offsets and a pid.
//  5. Where authentication is on, a client is who its token says: that of the CONNECT packet
//  (`token`, or Feathers' `accessToken`), else of the handshake's Authorization header. It may
//  change while it is connected: `["authenticate",{"token":…}]` and `["logout"]`, or the
//  `authentication` service of Feathers. It calls, hears and recovers what it may, and no more.
//  6. Some time before its token expires it is sent `["token_expiring",{"expires":<seconds since
//  1970>}]`. When the token has expired, or was revoked, it is sent `["token_expired",<error>]` and
//  disconnected. Where the settings change what it allows, it is cut off to come back by that.
//  7. One that says `"partial":true` in its CONNECT packet is not turned away for a service or a
//  key that it can not have. What it can have of its subscriptions holds, and the answer says what
//  it can not: `"refused":[{"service":…,"keys":[…],"error":{…}}]`, without keys where it is all
//  that it asked for of the service. So do the acknowledgements of `subscribe`, and of another
//  token that allows less. Where it can have nothing of what it names when it connects, it is
//  refused.
class client final : public socket_application,
                     public client_view,
                     private hub::frame_sink,
                     private recovery_user {
 public:
  client(socket_connection& connection, client_context& context);
  ~client() override;
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  [[nodiscard]] client_status describe(std::size_t most_keys) const override;

  void on_connect(protocol::json_value auth) override;
  void on_event(const socket_event& event) override;
  void on_ack(std::uint64_t ack_id, const socket_event& answer) override;
  void on_writable() override;
  void on_disconnect(end_reason why) override;

 private:
  class session_login;
  // What the services know a client by. An answer may come when it is gone, and these with it; read
  // on the shard's thread alone.
  struct calls {
    client* of;
    services::session_number session;
  };

  std::size_t write_some(std::string_view frames) override;
  void write_all(std::string_view frames) override;
  void overrun(std::string_view rest) override;

  void on_missed(std::string_view frames) override;
  void on_caught_up(const wish_list& wishes) override;
  void on_answer_due() override;
  void on_recovered(bool whole) override;

  void refuse(const records::error& why);
  void count_refusal(const records::error& why);
  void note_refused(const wish_list& wishes);
  // Takes out of `wishes` what it may not have, where it takes a part.
  [[nodiscard]] std::optional<records::error> log_in(protocol::json_value auth, wish_list& wishes);
  void become(auth::identity_ptr who);
  void narrow();
  void on_token_invalid();
  void on_rights_changed(auth::identity_ptr now);
  void take_over(std::vector<subscription_wish>& wishes);
  void leave_services();
  void recover(const records::offset& after, wish_list wishes);
  void join(const wish_list& wishes);
  // `wishes`: what it said that it subscribes to, to be told the state of. `ahead`: frames of what
  // the client missed, to go out with the answer.
  void accept(bool recovered, const wish_list& wishes, std::string ahead = {});
  void handle(const socket_event& event);

  void change_login(const socket_event& event, records::result<login_change> to);
  void call(const socket_event& event);
  [[nodiscard]] granting grants() const {
    return takes_part_ ? granting::in_part : granting::all_or_nothing;
  }
  [[nodiscard]] records::result<wish_list> read_subscription(const socket_event& event,
                                                             bool subscribe) const;
  void change_subscriptions(const socket_event& event, bool subscribe);
  void apply(const subscription_wish& wish, bool subscribe);
  void answer(std::optional<std::uint64_t> ack_id, const records::result<services::answer>& with);
  void acknowledge(std::optional<std::uint64_t> ack_id, std::string_view arguments);
  void send_in_name_space(std::string_view frames);

  [[nodiscard]] engine_session& engine() const { return *engine_; }
  [[nodiscard]] std::string_view address() const { return connection_->session().address(); }
  [[nodiscard]] bool stamped() const { return listener_.frames() == hub::framing::stamped; }

  client_context* context_;
  socket_connection* connection_;
  // What each delivery asks for lies together: where thousands listen, each is new to the caches.
  engine_session* engine_;     // of the connection
  bool in_main_name_space_;    // the connection
  bool says_offsets_ = false;  // it spoke of subscriptions or offsets when it connected
  bool takes_part_ = false;    // rule 7
  hub::listener listener_;
  std::unique_ptr<recovery> recovery_;      // until it is connected, and has what it missed
  std::unique_ptr<resumption> resumption_;  // of a client that recovers by its pid
  std::unique_ptr<session_login> login_;    // nullptr: authentication is off
  std::shared_ptr<calls> calls_;            // once it has called
  std::int64_t connected_at_ = 0;           // milliseconds since 1970
};

}  // namespace flowcast::realtime
