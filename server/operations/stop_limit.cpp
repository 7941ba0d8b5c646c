#include "operations/stop_limit.hpp"

#include <utility>

namespace flowcast::operations {

namespace {

constexpr auto patience_with_log = std::chrono::seconds(1);

}  // namespace

stop_limit::stop_limit(log& tells, std::function<void()> end_process)
    : log_(tells), end_process_(std::move(end_process)) {}

stop_limit::~stop_limit() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  done_.notify_one();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void stop_limit::begin(std::chrono::milliseconds longest) {
  thread_ =
      std::thread([this, until = std::chrono::steady_clock::now() + longest] { watch(until); });
}

void stop_limit::waits_for(std::string_view what) {
  const std::lock_guard lock(mutex_);
  waits_for_ = what;
}

void stop_limit::watch(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  if (done_.wait_until(lock, until, [this] { return stopped_; })) {
    return;
  }
  log_.error("it does not stop in time, and is ended", {{"waits_for", waits_for_}});
  log_.flush(patience_with_log);
  end_process_();
}

}  // namespace flowcast::operations
