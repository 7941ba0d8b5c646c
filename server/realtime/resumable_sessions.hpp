#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "realtime/deadline_list.hpp"
#include "realtime/session_id.hpp"
#include "stores/event_store.hpp"

namespace flowcast::realtime {

class engine_server;

// What is remembered of clients that recover by their `pid` alone (socket.io-client 4.6 and later):
// the keys that they subscribed to, which they do not say again, and the connection that they came
// back on before. Everything else that recovery needs is in the pid and the log. Bounded in number
// and time; who is forgotten is not recovered if it depends on keys. Thread-safe.
class resumable_sessions {
 public:
  struct limits {
    std::size_t sessions = 10'000;
    std::chrono::seconds age{600};  // since it was last touched
  };
  struct subscription {
    stores::service_index service;
    std::string key;
    friend bool operator==(const subscription&, const subscription&) = default;
  };
  struct place {
    engine_server* server = nullptr;
    session_handle session;
  };
  struct memory {
    std::vector<subscription> subscriptions;
    std::optional<place> last;
  };

  explicit resumable_sessions(limits with) : limits_(with) {}

  // Once for each key, until it is unsubscribed.
  void subscribed(std::string_view pid, subscription what);
  void unsubscribed(std::string_view pid, const subscription& what);
  void came_back(std::string_view pid, place where);
  [[nodiscard]] memory recall(std::string_view pid);

 private:
  struct entry {
    std::string pid;
    memory known;
    clock::time_point touched;
  };
  using entries = std::list<entry>;

  entry* find(std::string_view pid);
  entry& touch(std::string_view pid);
  void forget_old(clock::time_point now);

  limits limits_;
  std::mutex mutex_;
  entries recent_first_;
  std::unordered_map<std::string_view, entries::iterator> by_pid_;  // views into the entries
};

}  // namespace flowcast::realtime
