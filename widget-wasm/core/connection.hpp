#pragma once

#include <cstdint>
#include <string_view>

#include "core/clock.hpp"
#include "core/host.hpp"
#include "core/status.hpp"
#include "protocol/json_value.hpp"

namespace flowcast::core {

// What a packet means to the hub. The values are slices of the packet.
struct incoming {
  enum class kind : std::uint8_t {
    nothing,
    greeted,  // the server waits for the connect packet
    joined,   // body: the connect reply, absent from a Socket.IO 2 server
    event,    // body: an array, the event's name first
    ack,      // body: an array
  };
  kind what = kind::nothing;
  protocol::json_value body;
  std::uint32_t ack_id = 0;
};

// What the host says instead of a WebSocket close code, where it knows more than that tells.
inline constexpr int closed_oversized = -1;  // more than hub::input takes
inline constexpr int closed_insecure = -2;   // ws: from an https: page
inline constexpr int closed_policy = -3;     // Content-Security-Policy
inline constexpr int closed_url = -4;        // is none

// One connection to a server: Engine.IO revision 4 over WebSocket, Socket.IO's main namespace. Time
// and packets in, calls on the host and `incoming` out.
//
// Rules:
//  1. While it is wanted and the page is there, a socket is open or being opened, or the next
//     attempt has its time. When it is wanted no more, it lingers for a moment, since a page that
//     changes releases all before it listens again; then it closes.
//  2. An attempt that has not joined in 20 s has failed. Between attempts it waits 1 s, doubling up
//     to 30 s, less up to half by chance; after a connection that held for 5 s it begins with 1 s
//     again. After a refusal that only a person can cure it waits the longest from the start; what
//     only another page can cure it tries again after a wake-up alone.
//  3. The server sends pings (Engine.IO 4, "Heartbeat"); a Socket.IO 2 server, which is known by a
//     connect reply without content, expects them of the client. Nothing heard for their interval
//     and timeout: the connection is dead.
//  4. A wake-up (the page says so, or a timer is more than 2 s late) makes it try at once; a
//     connection that looks alive is asked for a sign of life, and given up after 1 s without one.
//  5. What is malformed or out of order ends the attempt, and the next one follows by rule 2. No
//     input does more harm.
//  6. A status is shown when state or cause changes, and not again for each attempt.
class connection {
 public:
  explicit connection(host& page) : page_(page) {}

  void want(bool wanted, milliseconds now);
  void leave_page();               // for the back/forward cache, or for good
  void wake(milliseconds now);     // also: the page is there again
  void hide() { hidden_ = true; }  // timers are throttled: rule 4 does not trust them
  void rejoin(milliseconds now);   // at once: what is to be sent at the next join has changed

  void opened();
  void closed(int code, std::string_view reason, milliseconds now);
  [[nodiscard]] incoming received(std::string_view packet, milliseconds now);

  // The server said no to something else than the connection itself. Where it is too busy, the
  // connection ends, since all is asked for again with the next one; else it is shown, unless
  // `told` what is refused has been told already.
  void refuse(const protocol::json_value& error, milliseconds now, bool told);
  // Connected; with a token that will expire soon (cause::expiring).
  void show_connected(cause why) { show(connection_state::connected, why, {}); }
  // The server will close the connection, because the token has expired.
  void token_expired(const protocol::json_value& error, milliseconds now);

  void tick(milliseconds now);
  [[nodiscard]] milliseconds due() const;  // when tick() is to be called at the latest

  // Packets may be sent, by the host.
  [[nodiscard]] bool joined() const { return stage_ == stage::joined; }
  // Joined, and the server has said no to nothing.
  [[nodiscard]] bool accepted() const {
    return joined() && shown_state_ == connection_state::connected;
  }
  [[nodiscard]] bool at_rest() const { return stage_ == stage::rest; }

 private:
  enum class stage : std::uint8_t { rest, waiting, opening, greeting, joining, joined };

  void open(milliseconds now);
  void restart(milliseconds now);
  void fail(cause why, std::string_view detail, milliseconds now);
  void drop_socket();
  void stop_timers();
  void rest();
  void miss_deadline(milliseconds now);
  void show(connection_state state, cause why, std::string_view detail);
  void heard(milliseconds now);
  [[nodiscard]] incoming greeting(std::string_view text, milliseconds now);
  [[nodiscard]] incoming message(std::string_view text, milliseconds now);
  [[nodiscard]] incoming reject(milliseconds now);

  host& page_;
  milliseconds deadline_ = never;      // of the present stage
  milliseconds linger_until_ = never;  // rule 1
  milliseconds pulse_due_ = never;     // rule 4: a short timer, to notice sleep by
  milliseconds probe_until_ = never;   // rule 4
  milliseconds ping_due_ = never;      // rule 3, Socket.IO 2
  milliseconds began_ = 0;             // the present stage
  milliseconds ping_interval_ = 0;
  milliseconds patience_ = 0;  // rule 3: interval and timeout
  unsigned failures_ = 0;
  stage stage_ = stage::rest;
  connection_state shown_state_ = connection_state::failed;
  cause shown_cause_ = cause::none;
  bool wanted_ = false;
  bool away_ = false;
  bool hidden_ = false;
};

}  // namespace flowcast::core
