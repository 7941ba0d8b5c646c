#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>

#include "stores/write_plan.hpp"

namespace flowcast::stores {

// The writes that wait for the thread that carries them out, bounded by their bytes.
class write_queue {
 public:
  explicit write_queue(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  // Takes the write away, or leaves it to its owner with errc::unavailable.
  [[nodiscard]] result<void> push(prepared_write& one);
  // Puts one that was taken back in front; it is taken whatever waits.
  void put_back(prepared_write one);

  // Waits until there are writes, or the queue is closed, or so long; gives at most `most`.
  [[nodiscard]] std::deque<prepared_write> take(std::size_t most,
                                                std::chrono::milliseconds longest_wait);

  // Takes no more. What is queued can still be taken.
  void close();
  [[nodiscard]] bool closed() const;
  // Closed, and empty.
  [[nodiscard]] bool finished() const;
  [[nodiscard]] std::size_t size() const;

 private:
  std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<prepared_write> queue_;
  std::size_t bytes_ = 0;
  bool closed_ = false;
};

}  // namespace flowcast::stores
