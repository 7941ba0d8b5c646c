#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "realtime/socket_application.hpp"

namespace flowcast::realtime {

// What a client has asked for before it can be answered, kept in order and bounded in bytes.
class postponed_events {
 public:
  explicit postponed_events(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  // False: there is no room for it.
  [[nodiscard]] bool add(const socket_event& event);

  // Gives each to `take(const socket_event&)`, until `take` says false.
  template <class Take>
  void give(const Take& take) const {
    for (const kept& each : kept_) {
      if (!take(read(each)))
        return;
    }
  }

 private:
  struct kept {
    std::string arguments;
    std::optional<std::uint64_t> ack_id;
    std::vector<std::string> attachments;
  };

  [[nodiscard]] static socket_event read(const kept& from);

  std::vector<kept> kept_;
  std::size_t bytes_ = 0;
  std::size_t most_bytes_;
};

}  // namespace flowcast::realtime
