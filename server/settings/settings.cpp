#include "settings/settings.hpp"

#include <boost/asio/ip/address.hpp>

namespace flowcast::settings {

bool is_loopback(const http::listen_address& address) {
  if (address.host == "localhost") {
    return true;
  }
  boost::system::error_code not_numeric;
  const auto numeric = boost::asio::ip::make_address(address.host, not_numeric);
  if (not_numeric) {
    return false;
  }
  if (numeric.is_v6() && numeric.to_v6().is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, numeric.to_v6())
        .is_loopback();
  }
  return numeric.is_loopback();
}

std::string to_url(const http::listen_address& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return std::string(address.secure ? "https://" : "http://") +
         (ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace flowcast::settings
