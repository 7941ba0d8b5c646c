#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "services/attendance.hpp"
#include "services/service.hpp"

namespace flowcast::services {

struct presence_options {
  bool on = true;
  std::chrono::milliseconds grace{2000};    // after a session's end, so that a reload does not show
  std::chrono::milliseconds interval{250};  // between two announcements of a key
  std::chrono::milliseconds timeout{6000};  // after which a node that is silent counts as gone
  std::size_t shown = 10;                   // names
  std::size_t most = 100'000;               // joins at once, of this node
  std::size_t most_of_session = 100;
};

// Who is present where: the joins of this node's sessions, and what other nodes say of theirs. No
// IO; steady time is given by the caller, `wall` alone orders arrivals. Not thread-safe.
//
// Rules
//  1. A session has one join a key. A user is present while any session of theirs is, or was until
//     `grace` ago, on any node that is alive.
//  2. A key is announced when what can be seen of it has changed, at once where the last time is
//     long ago, and not sooner than `interval` after it.
//  3. What changes here is kept until it is taken, to be told to other nodes (presence_peers.hpp).
class presence_roster {
 public:
  using time = std::chrono::steady_clock::time_point;

  struct join {
    std::string user;
    std::string name;
    bool editing = false;
  };
  // What changed of a user of this node; nothing: they are gone.
  struct change {
    std::string key;
    std::string user;
    std::optional<attendee> now;
  };

  presence_roster(std::string node, presence_options options);

  // The join of a session on a key, or nullptr.
  [[nodiscard]] const join* find(session_number session, const std::string& key) const;
  [[nodiscard]] std::size_t joins() const { return joins_; }
  [[nodiscard]] std::size_t joins_of(session_number session) const;
  // Joins, or changes what the session has joined as.
  void set(session_number session, const std::string& key, join as, std::int64_t wall, time now);
  // False if it had not joined.
  bool leave(session_number session, const std::string& key, time now);
  void end(session_number session, time now);

  // Of other nodes.
  void set_remote(const std::string& node, const change& what, time now);
  // Forgets all that a node told.
  void drop_remote(const std::string& node, time now);

  [[nodiscard]] std::string state_of(std::string_view key) const;
  // Keys with somebody present, in their order.
  [[nodiscard]] std::vector<std::string> keys() const;

  // What is due by then: sessions whose grace is over leave, and `announce` is called with each key
  // whose state is to be announced.
  void advance(time now,
               const std::function<void(const std::string& key, std::string state)>& announce);
  [[nodiscard]] std::optional<time> next_due() const;

  // What changed here since the last call, in order.
  [[nodiscard]] std::vector<change> take_changes() { return std::exchange(changes_, {}); }
  // All users of this node, as changes from nothing.
  [[nodiscard]] std::vector<change> everybody_here() const;

 private:
  // A user of this node on a key.
  struct local_user {
    std::map<session_number, join> sessions;
    std::int64_t since = 0;
    attendee told;
  };
  struct key_state {
    attendance people;
    std::map<std::string, local_user, std::less<>> here;
    std::string announced;  // empty: never
    time announced_at;
    std::optional<time> due;
  };
  using keys_by_name = std::map<std::string, key_state, std::less<>>;

  void remove(session_number session, const std::string& key, time now);
  void update(const std::string& key, key_state& state, const std::string& user, time now);
  void touch(const std::string& key, key_state& state, time now);
  void schedule(const std::string& key, key_state& state, time due);
  void announce(keys_by_name::iterator which, time now,
                const std::function<void(const std::string&, std::string)>& tell);

  std::string node_;
  presence_options options_;
  keys_by_name keys_;
  std::unordered_map<session_number, std::map<std::string, std::string>> sessions_;  // key → user
  std::set<std::pair<time, session_number>> ending_;
  std::set<std::pair<time, std::string>> due_;
  std::map<std::string, std::set<std::pair<std::string, std::string>>>
      remote_;  // key, user by node
  std::vector<change> changes_;
  std::size_t joins_ = 0;
};

}  // namespace flowcast::services
