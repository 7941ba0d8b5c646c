#include "http/listen.hpp"

#include <stdexcept>
#include <string>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "http/share_port.hpp"

namespace flowcast::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr int backlog = 4096;

std::runtime_error refusal(const listen_address& address, const std::string& why) {
  return std::runtime_error("cannot listen on " + address.host + ":" +
                            std::to_string(address.port) + ": " + why);
}

std::string advice(const error_code& failed) {
  if (failed == asio::error::address_in_use) {
    return "another process listens there; stop it, or choose another port with --listen";
  }
  if (failed == asio::error::access_denied) {
    return std::string(advice_on_denied_port());
  }
  return failed.message();
}

tcp::endpoint resolve(const listen_address& address) {
  error_code failed;
  const asio::ip::address numeric = asio::ip::make_address(address.host, failed);
  if (!failed) {
    return {numeric, address.port};
  }
  asio::io_context context;
  tcp::resolver resolver(context);
  const auto found =
      resolver.resolve(address.host, std::to_string(address.port), tcp::resolver::passive, failed);
  if (failed || found.empty()) {
    throw refusal(address, "there is no such host; give an address of this machine");
  }
  return found.begin()->endpoint();
}

// A socket that shares no port: it cannot be bound where anybody listens, be it to share.
void refuse_shared_port(const listen_address& address, const tcp::endpoint& at,
                        asio::io_context& context) {
  error_code failed;
  acceptor probe(context);
  probe.open(at.protocol(), failed);
  if (!failed) {
    claim_port(probe, failed);
  }
  if (!failed) {
    probe.bind(at, failed);
  }
  if (failed) {
    throw refusal(address, advice(failed));
  }
}

acceptor open(const listen_address& address, const tcp::endpoint& at, asio::io_context& context) {
  error_code failed;
  acceptor made(context);
  made.open(at.protocol(), failed);
  const auto then = [&](auto&& step) {
    if (!failed) {
      step();
    }
  };
  then([&] { share_port(made, failed); });
  // Accepted sockets inherit it.
  then([&] { made.set_option(tcp::no_delay(true), failed); });
  then([&] { made.bind(at, failed); });
  then([&] { made.listen(backlog, failed); });
  then([&] { made.native_non_blocking(true, failed); });
  if (failed) {
    throw refusal(address, advice(failed));
  }
  return made;
}

}  // namespace

std::vector<acceptor> listen_on(listen_address& address,
                                std::span<asio::io_context* const> contexts) {
  tcp::endpoint at = resolve(address);
  if (at.port() != 0) {
    refuse_shared_port(address, at, *contexts.front());
  }
  std::vector<acceptor> made;
  for (asio::io_context* context : contexts) {
    made.push_back(open(address, at, *context));
    if (at.port() == 0) {
      error_code failed;
      at.port(made.front().local_endpoint(failed).port());
      if (failed) {
        throw refusal(address, failed.message());
      }
      address.port = at.port();
    }
  }
  return made;
}

}  // namespace flowcast::http
