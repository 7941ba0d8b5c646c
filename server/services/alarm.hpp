#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace flowcast::services {

// Calls a function on a thread of its own whenever it is woken, and after as long as the function
// said the last time. The thread starts when it is first woken.
class alarm {
 public:
  // Gives how long to wait for the next call; nothing: until woken.
  using ring = std::function<std::optional<std::chrono::milliseconds>()>;

  explicit alarm(ring what) : ring_(std::move(what)) {}
  alarm(const alarm&) = delete;
  alarm& operator=(const alarm&) = delete;
  ~alarm() { stop(); }

  // From any thread, also from within the call.
  void wake();
  // Returns when no call runs; there is none later. Idempotent.
  void stop();

 private:
  void run();

  ring ring_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace flowcast::services
