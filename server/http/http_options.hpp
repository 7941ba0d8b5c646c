#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http/trusted_proxies.hpp"

namespace flowcast::http {

struct listen_address {
  std::string host;        // as given: a numeric address or a name
  std::uint16_t port = 0;  // 0: any free one
  bool secure = false;     // TLS

  friend bool operator==(const listen_address&, const listen_address&) = default;
};

// What one client may cost the HTTP door. All limits are per shard's view of one connection unless
// they say otherwise.
struct http_options {
  std::size_t max_header = std::size_t{16} * 1024;   // bytes of request line and headers
  std::size_t max_body = std::size_t{100} * 1024;    // bytes of a REST body; Express' default
  std::size_t max_poll_body = 1'000'000;             // bytes of an Engine.IO polling POST
  std::chrono::milliseconds header_timeout{10'000};  // from the first byte (or the accept) on
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds idle_timeout{65'000};        // between requests of a kept connection
  std::chrono::milliseconds write_timeout{30'000};       // without any progress
  std::vector<std::string> allowed_origins;              // browsers' origins; empty: any
  std::vector<std::string> engine_paths{"/socket.io/"};  // below which Engine.IO is served

  std::vector<trusted_proxies::network> proxies;
  std::size_t max_connections = 0;                   // in all; 0: as many as there are descriptors
  std::size_t max_connections_per_address = 10'000;  // 0: no limit
  // Bytes of answers that wait, on one shard, for clients that do not read; 0: no limit. See
  // operations::backlog.
  std::size_t max_unsent = 0;
  unsigned max_publishes = 0;  // a second and address; 0: no limit

  bool io_uring = true;         // whether answers may leave together: see realtime::send_batch
  bool observed_apart = false;  // metrics and status have a listener of their own

  [[nodiscard]] bool serves_engine(std::string_view path) const {
    return std::any_of(engine_paths.begin(), engine_paths.end(),
                       [path](const std::string& each) { return path.starts_with(each); });
  }
};

}  // namespace flowcast::http
