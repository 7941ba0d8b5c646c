#include <memory>
#include <utility>

#include <boost/asio/windows/object_handle.hpp>
#include <winsock2.h>

#include "http/accept.hpp"

namespace flowcast::http {

namespace {

using boost::asio::windows::object_handle;
using boost::system::error_code;

accepted refused_with(int code) {
  accepted none;
  switch (code) {
    case WSAEWOULDBLOCK:
      none.what = accepted::outcome::none;
      break;
    case WSAEMFILE:
    case WSAENOBUFS:
      none.what = accepted::outcome::no_room;
      none.why = {code, std::system_category()};
      break;
    default:
      none.what = accepted::outcome::lost;
  }
  return none;
}

}  // namespace

// Asio's own wait on Windows is a receive, which a listening socket has not.
void wait_to_accept(acceptor& at, std::function<void(const error_code&)> then) {
  const HANDLE event = ::CreateEventW(nullptr, /*bManualReset=*/TRUE, FALSE, nullptr);
  if (event == nullptr || ::WSAEventSelect(at.native_handle(), event, FD_ACCEPT) != 0) {
    then(boost::asio::error::no_memory);
    return;
  }
  auto arrival = std::make_shared<object_handle>(at.get_executor(), event);
  object_handle& waits = *arrival;
  waits.async_wait([arrival = std::move(arrival),
                    then = std::move(then)](const error_code& stopped) { then(stopped); });
}

accepted accept_one(acceptor& at) {
  accepted one;
  auto size = static_cast<int>(one.peer.capacity());
  one.socket = ::accept(at.native_handle(), one.peer.data(), &size);
  if (one.socket == INVALID_SOCKET) {
    return refused_with(::WSAGetLastError());
  }
  one.what = accepted::outcome::connection;
  // It has inherited the wait of the one that listens, but not that it delays nothing.
  ::WSAEventSelect(one.socket, nullptr, 0);
  u_long on = 1;
  ::ioctlsocket(one.socket, static_cast<long>(FIONBIO), &on);
  const BOOL at_once = TRUE;
  ::setsockopt(one.socket, IPPROTO_TCP, TCP_NODELAY, reinterpret_cast<const char*>(&at_once),
               sizeof at_once);
  return one;
}

}  // namespace flowcast::http
