#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>

#include "operations/log.hpp"

namespace flowcast::operations {

// The process ends when its time to stop is over, whoever waits for whatever: what was acknowledged
// is stored by then, and what cannot be waited for is said in the log.
class stop_limit {
 public:
  // `end_process` is called on a thread of its own.
  explicit stop_limit(log& tells, std::function<void()> end_process);
  stop_limit(const stop_limit&) = delete;
  stop_limit& operator=(const stop_limit&) = delete;
  // All has stopped: the process ends by itself.
  ~stop_limit();

  // Once: it stops from now on, and has so long.
  void begin(std::chrono::milliseconds longest);
  // What is waited for from now on. The text outlives this.
  void waits_for(std::string_view what);

 private:
  void watch(std::chrono::steady_clock::time_point until);

  log& log_;
  std::function<void()> end_process_;
  std::mutex mutex_;
  std::condition_variable done_;
  std::string_view waits_for_ = "its end";
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace flowcast::operations
