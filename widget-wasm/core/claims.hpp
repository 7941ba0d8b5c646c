#pragma once

#include <cstdint>
#include <string_view>

#include "core/clock.hpp"
#include "core/host.hpp"
#include "core/listener.hpp"
#include "core/pointer_list.hpp"
#include "core/text.hpp"
#include "core/triggers.hpp"
#include "protocol/json_value.hpp"

namespace flowcast::core {

// How much a widget wants.
enum class claim_level : std::uint8_t {
  none,     // to hear how it stands
  claimed,  // to be counted as present; to have the lock
  editing,  // to be shown as editing
};

// Who claims, as others see it.
struct claimant {
  std::string_view id;    // holder of the lock, or user that is present
  std::string_view name;  // empty: the server shows the id
  std::uint32_t ttl = 0;  // ms, of a lock
};

// What a page claims at the server for a key, while one of its widgets wants that: that it is there
// (service `presence`), or the lock (service `locks`).
//
// Rules:
//  1. One claim a service and key, however many widgets share it. It is made by a `create`, which
//     is sent again after each connect, when the level changes, and for a lock each third of its
//     time to live. A `remove` gives it up, when nobody wants it any more.
//  2. A lock is ours from the server's answer on, until its time to live has passed since we asked,
//     by our clock: never longer than the server keeps it for us, connected or not.
//  3. A lock that somebody else has is not asked for until it frees; then at once, where it is
//     still wanted.
//  4. Who listens is told how it stands, by the actions of its listener: with each change, and what
//     is known already at the beginning. The event is called `present` (payload: the state of the
//     key), or of a lock `free`, `mine`, `held` (by another), `refused` (held, and wanted here) or
//     `lost` (it was ours, and we had not given it up); the payload is the lease, if there is one.
class claims {
 public:
  claims(host& page, triggers& actions) : page_(page), triggers_(actions) {}

  // For a listener to the service `locks` or `presence`, which listens to `key`.
  void set(listener& who, std::string_view key, const claimant& by, claim_level level,
           milliseconds now);
  void remove(const listener& who);
  [[nodiscard]] bool has(const listener& who) const;
  void give_up_locks(milliseconds now);  // as far as they are not wanted again

  // `states`: of the connect reply, by service; absent from a server without such services.
  void joined(const protocol::json_value& states, milliseconds now);
  void happened(std::string_view service, std::string_view event,
                const protocol::json_value& record, milliseconds now);
  // The states of keys that were subscribed to.
  void told(const protocol::json_value& states, milliseconds now);
  // False if a call was none of ours, or failed for a reason that is not a claim's own.
  [[nodiscard]] bool answered(std::uint32_t call, const protocol::json_value& answer,
                              milliseconds now);

  // Sends what is due. While joined; `last_call` numbers the calls.
  void send_due(std::uint32_t& last_call, milliseconds now);
  // Lets leases run out.
  void tick(milliseconds now);
  [[nodiscard]] milliseconds due(bool joined) const;

 private:
  struct claim {
    text_buffer key;
    text_buffer id;
    text_buffer name;
    text_buffer state;  // as it was told last, a text_list: name, payload
    pointer_set<listener> listeners;
    pointer_set<listener> claimed;  // those who want it
    pointer_set<listener> editing;  // of these
    milliseconds asked_at = -never;
    milliseconds ours_until = -never;  // a lock
    milliseconds due = never;          // when to ask again
    std::uint32_t ttl = 0;
    std::uint32_t asked = 0;               // the call whose answer is awaited
    claim_level made = claim_level::none;  // what the server has been told
    bool lock = false;
  };
  [[nodiscard]] static claim_level wanted(const claim& one);
  [[nodiscard]] claim* find(bool lock, std::string_view key) const;
  void tell(claim& one, std::string_view name, std::string_view payload, milliseconds now);
  void heard(claim& one, const protocol::json_value& record, milliseconds now);
  void freed(claim& one, milliseconds now);
  void give_up(claim& one, milliseconds now);

  host& page_;
  triggers& triggers_;
  pointer_list<claim> claims_;
};

}  // namespace flowcast::core
