#include <winsock2.h>

#include "http/share_port.hpp"

// SO_REUSEADDR lets anybody take over the port on Windows, without which a server can be started
// again at once; SO_EXCLUSIVEADDRUSE says that nobody may. Nothing spreads connections.
namespace flowcast::http {

namespace {

using exclusive = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_EXCLUSIVEADDRUSE>;

}  // namespace

unsigned most_sharers() {
  return 1;
}

void claim_port(acceptor& to_bind, boost::system::error_code& failed) {
  to_bind.set_option(exclusive(true), failed);
}

void share_port(acceptor& to_bind, boost::system::error_code& failed) {
  claim_port(to_bind, failed);
}

std::string_view advice_on_denied_port() {
  return "another program has this port for itself, or Windows keeps it (netsh interface ipv4 show "
         "excludedportrange protocol=tcp); choose another with --listen";
}

}  // namespace flowcast::http
