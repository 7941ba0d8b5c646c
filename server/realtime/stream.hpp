#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "realtime/secure_channel.hpp"
#include "realtime/socket_handle.hpp"

namespace flowcast::realtime {

// Something that is given back when a connection ends, such as its place among those of an address.
class lease {
 public:
  lease() = default;
  lease(const lease&) = delete;
  lease& operator=(const lease&) = delete;
  virtual ~lease() = default;
};

// A connected, non-blocking socket, encrypted or not: what can be done now is done now. Owns its
// descriptor, and goes with the connection from HTTP to its session.
class stream {
 public:
  explicit stream(socket_handle descriptor, std::unique_ptr<secure_channel> channel = nullptr,
                  std::unique_ptr<realtime::lease> lease = nullptr);
  ~stream();
  stream(stream&& from) noexcept;
  stream& operator=(stream&&) = delete;
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;

  [[nodiscard]] socket_handle descriptor() const { return descriptor_; }
  [[nodiscard]] bool is_secure() const { return channel_ != nullptr; }

  // `wait` comes with bytes too, where less than `into` holds was all there is (epoll(7)): true of
  // data, but not of an end behind it.
  [[nodiscard]] transfer receive(std::span<char> into);
  [[nodiscard]] transfer send(std::string_view bytes);
  // The socket is writable: what was taken, but not sent, may leave.
  void flush() {
    if (channel_ != nullptr) {
      (void)channel_->send({});  // an end of the connection shows when it is read
    }
  }

  // Says that nothing more will be sent.
  void finish();

  // Goes with it too, besides what it was made with.
  void hold(std::unique_ptr<realtime::lease> more);

 private:
  std::unique_ptr<secure_channel> channel_;
  std::unique_ptr<realtime::lease> lease_;
  socket_handle descriptor_;
};

}  // namespace flowcast::realtime
