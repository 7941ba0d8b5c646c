#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "auth/authenticator.hpp"
#include "operations/log.hpp"

namespace flowcast::http {

// Fetches the JWK sets that the settings name by URL, on a thread of its own: at once, every
// `refresh`, sooner where a token is signed with a key that is not known, and soon again where it
// failed; then the keys that were there stay.
class key_set_watch {
 public:
  // Both outlive it. `on_change`: other keys are known than before; called on its thread.
  key_set_watch(auth::authenticator& by, operations::log& log, std::vector<std::string> urls,
                std::chrono::seconds refresh, std::function<void()> on_change);
  ~key_set_watch();
  key_set_watch(const key_set_watch&) = delete;
  key_set_watch& operator=(const key_set_watch&) = delete;

 private:
  using clock = std::chrono::steady_clock;

  struct source {
    clock::time_point due;
    clock::time_point fetched = clock::time_point::min();
    bool failed = false;  // as last said in the log
    std::string text;     // what it gave
  };

  void run();
  void fetch(const std::string& url, source& from);

  auth::authenticator& by_;
  operations::log& log_;
  const std::chrono::seconds refresh_;
  const std::function<void()> on_change_;
  std::map<std::string, source> sources_;  // the thread's own
  std::mutex mutex_;
  std::condition_variable wanted_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace flowcast::http
