#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "runtime/microflow.hpp"

namespace flowcast::demo {

/// Plays a Mendix Task Queue for the REST calls of microflows: one call at a time, in order, after
/// the transaction that asked for it. A call that fails, because the server is away, is tried again
/// for a while, with one `Idempotency-Key`, so that it is published once however often it is sent.
/// What becomes of each call is logged. One thread, that of its `io_context`.
class task_queue {
 public:
  /// @param flowcast_url  the server to call, such as `http://127.0.0.1:3030`; throws
  ///                      `std::invalid_argument` when it is no such URL
  task_queue(boost::asio::io_context& context, const std::string& flowcast_url);
  ~task_queue();
  task_queue(const task_queue&) = delete;
  task_queue& operator=(const task_queue&) = delete;

  void submit(rest_call call);

  /// How many calls were not answered yet.
  [[nodiscard]] std::size_t waiting() const;

  /// Drops what waits, so that the `io_context` can run out of work.
  void stop();

 private:
  class worker;
  std::shared_ptr<worker> worker_;
};

}  // namespace flowcast::demo
