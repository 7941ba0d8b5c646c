#pragma once

#include <cstdint>
#include <functional>
#include <system_error>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "realtime/socket_handle.hpp"

namespace flowcast::http {

using acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp,
                                                    boost::asio::io_context::executor_type>;

// Calls `then` once, when somebody may wait to be accepted, or with an error if the acceptor is
// closed before; on the acceptor's context, unless that ends before.
void wait_to_accept(acceptor& at, std::function<void(const boost::system::error_code&)> then);

struct accepted {
  enum class outcome : std::uint8_t {
    connection,
    none,     // nobody waits any more
    lost,     // that one has gone again
    no_room,  // the system gives no more sockets, see `why`
  };

  outcome what = outcome::none;
  realtime::socket_handle socket = realtime::no_socket;  // the caller's; it does not block
  boost::asio::ip::tcp::endpoint peer = {};
  std::error_code why = {};
};

// At once.
[[nodiscard]] accepted accept_one(acceptor& at);

}  // namespace flowcast::http
