#include "stores/reader_thread.hpp"

#include <utility>

namespace flowcast::stores {

reader_thread::reader_thread(const std::filesystem::path& path,
                             const std::vector<std::int64_t>& numbers, const store_options& options)
    : reader_(path, numbers, options),
      most_waiting_(options.most_queued_reads),
      thread_([this] { run(); }) {}

bool reader_thread::post(job work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_ || waiting_.size() >= most_waiting_) {
      return false;
    }
    waiting_.push_back(std::move(work));
  }
  wanted_.notify_one();
  return true;
}

void reader_thread::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  wanted_.notify_one();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void reader_thread::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wanted_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
    if (waiting_.empty()) {
      return;
    }
    const job work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work(reader_);
    lock.lock();
  }
}

}  // namespace flowcast::stores
