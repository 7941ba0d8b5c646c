#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace flowcast::http {

// The bytes of one connection, without blocking: what can be done now is done now. Owns its
// descriptor.
class stream {
 public:
  enum class next : std::uint8_t {
    go_on,
    wait,   // for the socket to be readable (receive) or writable (send)
    ended,  // by the peer or an error; nothing more ever
  };
  struct outcome {
    std::size_t bytes = 0;
    stream::next next = stream::next::go_on;
  };

  // A connected, non-blocking socket.
  explicit stream(int descriptor) : descriptor_(descriptor) {}
  ~stream();
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }

  [[nodiscard]] outcome receive(std::span<char> into);
  [[nodiscard]] outcome send(std::string_view bytes);

  // Says that nothing more will be sent.
  void finish();
  // Hands the descriptor over.
  [[nodiscard]] int release();

 private:
  int descriptor_;
};

}  // namespace flowcast::http
