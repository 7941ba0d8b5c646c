#include "stores/write_queue.hpp"

#include <utility>

namespace flowcast::stores {

result<void> write_queue::push(prepared_write& one) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) {
      return store_unavailable("The store is shutting down");
    }
    if (!queue_.empty() && bytes_ + one.bytes > most_bytes_) {
      return store_unavailable("Too many writes are waiting");
    }
    bytes_ += one.bytes;
    queue_.push_back(std::move(one));
  }
  filled_.notify_one();
  return {};
}

void write_queue::put_back(prepared_write one) {
  {
    const std::lock_guard lock(mutex_);
    bytes_ += one.bytes;
    queue_.push_front(std::move(one));
  }
  filled_.notify_one();
}

std::deque<prepared_write> write_queue::take(std::size_t most,
                                             std::chrono::milliseconds longest_wait) {
  std::deque<prepared_write> taken;
  std::unique_lock lock(mutex_);
  filled_.wait_for(lock, longest_wait, [this] { return closed_ || !queue_.empty(); });
  if (queue_.size() <= most) {
    taken.swap(queue_);
    bytes_ = 0;
    return taken;
  }
  while (taken.size() < most) {
    bytes_ -= queue_.front().bytes;
    taken.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return taken;
}

void write_queue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  filled_.notify_all();
}

bool write_queue::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

bool write_queue::finished() const {
  const std::lock_guard lock(mutex_);
  return closed_ && queue_.empty();
}

std::size_t write_queue::size() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

}  // namespace flowcast::stores
