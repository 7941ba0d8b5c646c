#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace flowcast::realtime {

enum class next_step : std::uint8_t {
  go_on,  // there may be more to do at once
  wait,   // nothing more now: until the socket is readable (receive) or writable (send)
  ended,  // by the peer or an error; nothing more ever
};

// What became of an attempt to move bytes without blocking.
struct transfer {
  std::size_t bytes = 0;
  next_step then = next_step::go_on;
};

// The encryption of one socket: bytes go through it instead of straight to the socket. On the
// thread of its connection.
class secure_channel {
 public:
  secure_channel() = default;
  secure_channel(const secure_channel&) = delete;
  secure_channel& operator=(const secure_channel&) = delete;
  virtual ~secure_channel() = default;

  [[nodiscard]] virtual transfer receive(std::span<char> into) = 0;
  // What it takes is encrypted and leaves as soon as the socket lets it; it takes no more while
  // that waits. With no bytes it only sends what waits. `wait` where anything still does.
  [[nodiscard]] virtual transfer send(std::string_view bytes) = 0;
  // Says that nothing more will be sent, after what waits.
  virtual void finish() = 0;
};

}  // namespace flowcast::realtime
