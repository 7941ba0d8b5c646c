#include <sys/socket.h>

#include "http/share_port.hpp"

namespace flowcast::http {

namespace {

using reuse_port = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

}  // namespace

unsigned most_sharers() {
  return 1024;
}

void claim_port(acceptor& to_bind, boost::system::error_code& failed) {
  to_bind.set_option(acceptor::reuse_address(true), failed);
}

void share_port(acceptor& to_bind, boost::system::error_code& failed) {
  claim_port(to_bind, failed);
  if (!failed) {
    to_bind.set_option(reuse_port(true), failed);
  }
}

std::string_view advice_on_denied_port() {
  return "this port needs more rights; choose one from 1024 on, or grant CAP_NET_BIND_SERVICE";
}

}  // namespace flowcast::http
