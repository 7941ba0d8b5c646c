#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/claims.hpp"
#include "core/clock.hpp"
#include "core/connection.hpp"
#include "core/host.hpp"
#include "core/subscriptions.hpp"
#include "core/triggers.hpp"

namespace flowcast::core {

// A page's hub for one server: its connection, what is subscribed to, and the actions that events
// start. Single threaded; time and packets in, calls on the host out.
//
// What it says to the server, as ordinary Socket.IO packets that a plain Feathers server ignores
// (null instead of the keys: the whole service):
//   40{"partial":true,"token":"…","offset":"…","subscribe":{"microflow":["<key>",…],"chat":null}}
//   42n["subscribe","microflow",["<key>",…]]
//   42n["unsubscribe","microflow",["<key>",…]]
//   42n["authenticate",{"token":"…"}], and what claims.hpp tells of
// What it understands:
//   40{…,"offset":"…","recovered":true|false,"state":{"locks":[…],"presence":[…]},
//     "refused":[{"service":"…","keys":["<key>",…],"error":{…}}]}
//   42["microflow created",{record},"<offset>"]
//   42["token_expiring",…] and 42["token_expired",{error}]
//   43n[null,{"offset":"…","state":[…],"refused":[…]}] and 43n[{error}]
//
// Rules:
//  1. Each event is matched once, by service, name and key, whoever sent it and in whatever phase:
//     what was missed is replayed before the connect reply.
//  2. The last offset that came, in a reply, an acknowledgement or an event, goes out with the next
//     connect packet. It is forgotten once the last listener has gone and the connection is closed.
//  3. Every action runs once ("may have missed") after a connect that was not the first, or came
//     late, and that the server did not recover. A server that gives no offset is a plain Feathers
//     server, and never recovers.
//  4. Changes of subscriptions within a moment go out together.
//  5. Another token is told on the connection that is there; where the server has refused the one
//     before, or anything, or is a plain Feathers server, with a new connection, which recovers.
//  6. A server may refuse a part: one service, or some keys. The page is shown it, and tells who
//     listens to that. An error that follows from it, of a claim, is none of the connection's.
class hub final : private match_visitor {
 public:
  // What a page should ever have to take in, in bytes. Larger packets end the connection.
  static constexpr std::size_t packet_limit = 4U << 20U;

  // Calls that name a listener or a run that is gone do nothing.
  explicit hub(host& page)
      : page_(page), connection_(page), triggers_(page), claims_(page, triggers_) {}

  // `key_field`: of a record, as the service has it. `own`: field and value that mark a record as
  // this page's own change; empty: none are. It listens to nothing yet.
  listener_id add_listener(std::string_view service, std::string_view key_field, text_list own,
                           milliseconds now);
  void set_keys(listener_id id, text_list keys, milliseconds now);
  void set_whole(listener_id id, milliseconds now);
  // It may have missed events: what it listens to was refused, and is no more.
  void missed(listener_id id, milliseconds now);
  void remove_listener(listener_id id, milliseconds now);
  // See triggers::add.
  action_id add_action(listener_id id, text_list what, const action_options& how);
  void action_done(std::uint32_t run, milliseconds now) { triggers_.done(run, now); }
  void set_token(std::string_view token, milliseconds now);
  // For a listener to `locks` or `presence` that listens to `key`.
  void claim(listener_id id, std::string_view key, const claimant& by, claim_level level,
             milliseconds now);

  void socket_opened() { connection_.opened(); }
  void socket_closed(int code, std::string_view reason, milliseconds now);
  void socket_received(std::string_view packet, milliseconds now);

  void page_left(milliseconds now);
  void page_hidden() { connection_.hide(); }
  void page_woke(milliseconds now) { connection_.wake(now); }

  // To be called after each call above, and when due() has come.
  void tick(milliseconds now);
  [[nodiscard]] milliseconds due() const;

 private:
  void join();
  void joined(const protocol::json_value& reply, milliseconds now);
  void happened(const protocol::json_value& packet, milliseconds now);
  void acknowledged(const protocol::json_value& packet, std::uint32_t call, milliseconds now);
  void keep_offset(const protocol::json_value& offset);
  void tell_changes();
  void changed(milliseconds now);
  void matched(listener& who, std::string_view key) override;

  host& page_;
  connection connection_;
  subscriptions subscriptions_;
  triggers triggers_;
  claims claims_;
  text_buffer token_;
  text_buffer offset_;  // as it came: a JSON string, with its quotes
  event latest_;        // while it is matched
  protocol::json_value record_;
  milliseconds now_ = 0;
  milliseconds first_wanted_ = 0;
  milliseconds tell_due_ = never;  // rule 4
  std::uint32_t last_call_ = 0;
  std::uint32_t login_ = 0;  // the call that renews the token
  bool joined_before_ = false;
  bool plain_ = false;    // a plain Feathers server
  bool refuses_ = false;  // something, since it joined: rule 6
};

}  // namespace flowcast::core
