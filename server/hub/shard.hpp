#pragma once

#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace flowcast::hub {

// One thread with its own io_context. A session lives and dies on one shard: what belongs to it
// needs no lock.
class shard {
 public:
  explicit shard(unsigned index) : index_(index) {}
  shard(const shard&) = delete;
  shard& operator=(const shard&) = delete;
  ~shard() { stop(); }

  [[nodiscard]] unsigned index() const { return index_; }
  boost::asio::io_context& context() { return context_; }

  // Runs `task` on the shard's thread, after all that was posted before it. From any thread.
  template <class Task>
  void post(Task&& task) {
    boost::asio::post(context_, std::forward<Task>(task));
  }

  // Starts the thread; it runs until stop().
  void start();
  // Ends the thread after the task that it runs; what is still posted is dropped. Idempotent; not
  // from the shard.
  void stop();

 private:
  unsigned index_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      context_.get_executor()};
  std::thread thread_;
};

}  // namespace flowcast::hub
