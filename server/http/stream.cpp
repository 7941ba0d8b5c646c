#include "http/stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

namespace flowcast::http {

namespace asio = boost::asio;
using boost::system::error_code;

bool stream::open() {
  error_code failed;
  socket_.non_blocking(true, failed);
  return !failed;
}

stream::outcome stream::receive(std::span<char> into) {
  error_code failed;
  const std::size_t bytes = socket_.receive(asio::buffer(into.data(), into.size()), 0, failed);
  if (!failed) {
    return {bytes, next::go_on};
  }
  return {0, failed == asio::error::would_block ? next::wait_to_read : next::ended};
}

stream::outcome stream::send(std::string_view bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    error_code failed;
    sent += socket_.send(asio::buffer(bytes.data() + sent, bytes.size() - sent), 0, failed);
    if (failed) {
      return {sent, failed == asio::error::would_block ? next::wait_to_write : next::ended};
    }
  }
  return {sent, next::go_on};
}

void stream::finish() {
  error_code gone;  // then there is nobody to tell
  socket_.shutdown(tcp_socket::shutdown_send, gone);
}

int stream::release() {
  error_code failed;
  const int descriptor = socket_.release(failed);
  return failed ? -1 : descriptor;
}

}  // namespace flowcast::http
