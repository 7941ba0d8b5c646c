#include "web/server_control.hpp"

#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace flowcast::demo {

bool server_control::restart(way how, std::chrono::milliseconds away) const {
  if (!is_there()) {
    return false;
  }
  // Without waiting: opening a pipe that nobody reads fails at once.
  const int pipe = ::open(pipe_.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (pipe < 0) {
    return false;
  }
  const auto line =
      std::string(how == way::kill ? "KILL " : "TERM ") + std::to_string(away.count()) + "\n";
  const bool is_written =
      ::write(pipe, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  ::close(pipe);
  return is_written;
}

std::optional<server_control::way> parse_way(std::string_view name) {
  if (name == "stop") {
    return server_control::way::stop;
  }
  if (name == "kill") {
    return server_control::way::kill;
  }
  return std::nullopt;
}

bool is_loopback_host(std::string_view host) {
  for (const std::string_view name : {"localhost", "127.0.0.1", "[::1]"}) {
    if (host.starts_with(name) && (host.size() == name.size() || host[name.size()] == ':')) {
      return true;
    }
  }
  return false;
}

}  // namespace flowcast::demo
