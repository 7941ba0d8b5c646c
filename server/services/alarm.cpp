#include "services/alarm.hpp"

#include <utility>

namespace flowcast::services {

void alarm::wake() {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) {
      return;
    }
    woken_ = true;
    if (!thread_.joinable()) {
      thread_ = std::thread([this] { run(); });
    }
  }
  changed_.notify_one();
}

void alarm::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void alarm::run() {
  std::unique_lock lock(mutex_);
  const auto wanted = [this] { return woken_ || stopped_; };
  while (!stopped_) {
    woken_ = false;
    lock.unlock();
    const std::optional<std::chrono::milliseconds> wait = ring_();
    lock.lock();
    if (wait) {
      changed_.wait_for(lock, *wait, wanted);
    } else {
      changed_.wait(lock, wanted);
    }
  }
}

}  // namespace flowcast::services
