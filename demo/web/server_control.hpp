#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string_view>

namespace flowcast::demo {

/// Asks `demo/supervise`, which runs the Flowcast server, to restart it: by a line in a named pipe.
/// Without a supervisor it asks nobody, and says so.
class server_control {
 public:
  enum class way {
    stop,  ///< as an operator does: SIGTERM
    kill,  ///< as a crash does: SIGKILL
  };

  /// @param pipe  what the supervisor reads; empty where there is none
  explicit server_control(std::filesystem::path pipe) : pipe_(std::move(pipe)) {}

  /// Whether a supervisor was named when the program started.
  [[nodiscard]] bool is_there() const { return !pipe_.empty(); }

  /// Ends the server, and starts it after `away`. False when no supervisor reads the pipe.
  [[nodiscard]] bool restart(way how, std::chrono::milliseconds away) const;

 private:
  std::filesystem::path pipe_;
};

/// The way of a name, `stop` or `kill`; empty for anything else.
[[nodiscard]] std::optional<server_control::way> parse_way(std::string_view name);

/// Whether the `Host` of a request is this machine by one of its own names: a page elsewhere, whose
/// name was pointed here, says its own.
[[nodiscard]] bool is_loopback_host(std::string_view host);

}  // namespace flowcast::demo
