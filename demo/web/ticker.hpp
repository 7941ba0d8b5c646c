#pragma once

#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace flowcast::demo {

/// Calls something twenty times a second, on the thread of its `io_context`, until it is stopped.
class ticker {
 public:
  ticker(boost::asio::io_context& context, std::function<void()> what);

  /// Lets the `io_context` run out of work.
  void stop() { timer_.cancel(); }

 private:
  void wait();

  boost::asio::steady_timer timer_;
  std::function<void()> what_;
};

}  // namespace flowcast::demo
