#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>

namespace flowcast {

// What the process is asked for from outside.
enum class signal : std::uint8_t {
  stop,          // SIGTERM, SIGINT; Ctrl-C
  stop_hastily,  // Windows ends the process in a few seconds: its console was closed
  reload,        // SIGHUP
};

// Hears it. One a process, on the thread of its context.
class signal_source {
 public:
  using heard = std::function<void(signal)>;

  signal_source(boost::asio::io_context& context, heard told);
  ~signal_source();
  signal_source(const signal_source&) = delete;
  signal_source& operator=(const signal_source&) = delete;

 private:
  struct system;
  std::unique_ptr<system> system_;
};

}  // namespace flowcast
