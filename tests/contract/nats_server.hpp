#pragma once

#include <filesystem>
#include <string>

#include <sys/types.h>

namespace flowcast::stores {

// A real nats-server with JetStream on a free port of the loopback, for as long as this lives. Its
// data stay in the directory: another one on the same directory carries on.
class nats_server {
 public:
  // `port` 0: a free one. Throws std::runtime_error if it does not come up.
  explicit nats_server(std::filesystem::path directory, int port = 0);
  nats_server(const nats_server&) = delete;
  nats_server& operator=(const nats_server&) = delete;
  ~nats_server();

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url() const { return "nats://127.0.0.1:" + std::to_string(port_); }

  // Stands still from now on: connections stay open, and nothing is read. Or carries on.
  void stand_still();
  void carry_on();

  // One for all tests of this process, in a directory of its own.
  static nats_server& shared();

 private:
  std::filesystem::path directory_;
  pid_t process_ = -1;
  int port_ = 0;
};

}  // namespace flowcast::stores
