#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace flowcast::http {

// Concrete, so that no call goes through a type-erased executor.
using tcp_socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

// The bytes of one connection, without blocking: what can be done now is done now.
class stream {
 public:
  enum class next : std::uint8_t {
    go_on,
    wait_to_read,   // nothing more until the socket is readable
    wait_to_write,  // nothing more until the socket is writable
    ended,          // by the peer or an error; nothing more ever
  };
  struct outcome {
    std::size_t bytes = 0;
    stream::next next = stream::next::go_on;
  };

  explicit stream(tcp_socket socket) : socket_(std::move(socket)) {}

  // False if the socket is already gone.
  [[nodiscard]] bool open();

  [[nodiscard]] outcome receive(std::span<char> into);
  [[nodiscard]] outcome send(std::string_view bytes);

  template <class Handler>
  void wait(next until, Handler&& handler) {
    socket_.async_wait(
        until == next::wait_to_write ? tcp_socket::wait_write : tcp_socket::wait_read,
        std::forward<Handler>(handler));
  }

  // Says that nothing more will be sent.
  void finish();
  // Hands the connected, non-blocking descriptor over; -1 if that cannot be done.
  [[nodiscard]] int release();

 private:
  tcp_socket socket_;
};

}  // namespace flowcast::http
