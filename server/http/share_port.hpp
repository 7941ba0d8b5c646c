#pragma once

#include <string_view>

#include <boost/system/error_code.hpp>

#include "http/accept.hpp"

// How a port is taken, which each operating system has its own words for.
namespace flowcast::http {

// How many sockets of one process can share a port, so that connections are spread over them.
[[nodiscard]] unsigned most_sharers();

// Before bind(): it fails where anybody else listens, but not for connections of a server that was
// here before.
void claim_port(acceptor& to_bind, boost::system::error_code& failed);
// Before bind(): the same, but for those of this process.
void share_port(acceptor& to_bind, boost::system::error_code& failed);

// What to do where the system denies a port.
[[nodiscard]] std::string_view advice_on_denied_port();

}  // namespace flowcast::http
