#include <cerrno>
#include <utility>

#include <sys/socket.h>

#include "http/accept.hpp"

namespace flowcast::http {

void wait_to_accept(acceptor& at, std::function<void(const boost::system::error_code&)> then) {
  at.async_wait(acceptor::wait_read, std::move(then));
}

accepted accept_one(acceptor& at) {
  accepted one;
  auto size = static_cast<socklen_t>(one.peer.capacity());
  one.socket = ::accept4(at.native_handle(), one.peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (one.socket >= 0) {
    one.what = accepted::outcome::connection;
    return one;
  }
  switch (errno) {
    case EAGAIN:
      one.what = accepted::outcome::none;
      break;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      one.what = accepted::outcome::no_room;
      one.why = {errno, std::generic_category()};
      break;
    default:
      one.what = accepted::outcome::lost;  // accept(2)
  }
  return one;
}

}  // namespace flowcast::http
