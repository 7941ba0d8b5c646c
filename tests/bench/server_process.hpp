#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace flowcast::bench {

// A server that is measured: a child process, killed when this goes.
class server_process {
 public:
  // Starts it; `port` is where it will listen on the loopback. Its output goes to `log`.
  server_process(const std::vector<std::string>& command, std::uint16_t port, std::string log);
  server_process(const server_process&) = delete;
  server_process& operator=(const server_process&) = delete;
  ~server_process();

  // Returns when it accepts connections, with how long that took since it was started, in
  // milliseconds. Throws std::runtime_error if it does not come up.
  double wait_until_listening() const;

  // Asks it to end, and returns when it has. Throws std::runtime_error if it does not.
  void end();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  // What all its threads have used, user and system.
  [[nodiscard]] std::int64_t cpu_ns() const;
  // Resident memory that is its own: not what it shares with others, such as libraries.
  [[nodiscard]] std::size_t private_bytes() const;

 private:
  pid_t pid_;
  bool ended_ = false;
  std::uint16_t port_;
  std::string log_;
  std::int64_t started_;
};

// The same for this process.
std::int64_t own_cpu_ns();

}  // namespace flowcast::bench
