#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "realtime/deadline_list.hpp"
#include "realtime/session_id.hpp"
#include "stores/event_store.hpp"

namespace flowcast::realtime {

class engine_server;

// What is remembered of clients that recover by their `pid` alone (socket.io-client 4.6 and later):
// the keys that they subscribed to, which they do not say again, and the connection that they came
// back on before. Everything else that recovery needs is in the pid and the log. Of who is
// connected all is kept, or what it subscribes to later would be taken for all that there was. Of
// who has left it is bounded in number, bytes and time, and goes as a whole; who is forgotten is
// not recovered if it depends on keys. Thread-safe.
class resumable_sessions {
 public:
  struct limits {
    std::size_t sessions = 10'000;
    std::size_t bytes = std::size_t{64} * 1024 * 1024;
    std::chrono::seconds age{600};  // since it left
  };
  static constexpr std::string_view whole{};  // what is no key: all of the service
  struct subscription {
    stores::service_index service;
    std::string key;
    friend bool operator==(const subscription&, const subscription&) = default;
    friend bool operator<(const subscription& a, const subscription& b) {
      return std::tie(a.service, a.key) < std::tie(b.service, b.key);
    }
  };
  struct place {
    engine_server* server = nullptr;
    session_handle session;
  };
  struct memory {
    std::set<subscription> subscriptions;
    std::optional<place> last;
  };

  explicit resumable_sessions(limits with) : limits_(with) {}

  // A connection with this pid begins to be remembered, and has left. One that comes back has
  // arrived, too. For a moment there may be two: the new one, and the one that it takes the place
  // of.
  void arrived(std::string_view pid);
  void came_back(std::string_view pid, place where);
  void left(std::string_view pid);

  // Of a connection that has arrived. As in the hub, who hears the whole of a service hears no key
  // of it besides, and the other way round.
  void subscribed(std::string_view pid, subscription what);
  void unsubscribed(std::string_view pid, const subscription& what);
  [[nodiscard]] memory recall(std::string_view pid);

 private:
  struct entry {
    std::string pid;
    memory known;
    std::size_t bytes = 0;
    std::size_t connections = 0;
    clock::time_point left_at;
  };
  using entries = std::list<entry>;

  entry* find(std::string_view pid);
  entry& arrive(std::string_view pid);
  void forget_old(clock::time_point now);

  limits limits_;
  std::mutex mutex_;
  entries connected_;
  entries away_;  // the last to leave is the first
  std::size_t bytes_away_ = 0;
  std::unordered_map<std::string_view, entries::iterator> by_pid_;  // views into the entries
};

}  // namespace flowcast::realtime
