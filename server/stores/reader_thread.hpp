#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "stores/sqlite_reader.hpp"

namespace flowcast::stores {

// Reads a store's file on a thread of its own, one read after the other.
class reader_thread {
 public:
  using job = std::function<void(sqlite_reader&)>;

  reader_thread(const std::filesystem::path& path, const std::vector<std::int64_t>& numbers,
                const store_options& options);
  reader_thread(const reader_thread&) = delete;
  reader_thread& operator=(const reader_thread&) = delete;
  ~reader_thread() { stop(); }

  // False if too many are waiting, or it has stopped: the job will not be done.
  [[nodiscard]] bool post(job work);
  // Returns when all that was posted is done.
  void stop();

 private:
  void run();

  sqlite_reader reader_;
  std::size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable wanted_;
  std::deque<job> waiting_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace flowcast::stores
