#pragma once

#include <span>
#include <vector>

#include "http/door.hpp"
#include "http/http_options.hpp"

namespace flowcast::http {

// Listens on the address, with a socket for each of the contexts, most_sharers() at most (the
// kernel spreads connections over them), in their order. Port 0 becomes the port that was free.
//
// At start-up: throws std::runtime_error, with what to do, where that cannot be done, also when
// another process listens there.
[[nodiscard]] std::vector<acceptor> listen_on(listen_address& address,
                                              std::span<boost::asio::io_context* const> contexts);

}  // namespace flowcast::http
