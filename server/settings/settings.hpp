#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "http/http_options.hpp"
#include "operations/log.hpp"
#include "services/service.hpp"

namespace flowcast::settings {

// Everything that can be set, complete and checked: what is in here can be run. load() alone makes
// one; each default stands here.
struct settings {
  std::vector<http::listen_address> listen;  // never empty
  bool allow_anonymous = false;
  std::vector<services::service_options> services;  // never empty, names are unique
  std::string store = "sqlite:flowcast.sqlite";     // memory, sqlite:PATH or nats:URL
  unsigned threads = 0;                             // shards; load() replaces 0 by one a core

  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  std::chrono::milliseconds connect_timeout{45'000};
  std::size_t max_payload = 1'000'000;  // bytes of one Engine.IO packet or polling body

  http::http_options http;
  std::chrono::milliseconds drain_time{5'000};

  operations::severity log_level = operations::severity::info;
  operations::log_format log_format = operations::log_format::text;
};

// True for an address that only this machine can reach.
[[nodiscard]] bool is_loopback(const http::listen_address& address);

// HOST:PORT, [HOST]:PORT for IPv6.
[[nodiscard]] std::string to_string(const http::listen_address& address);

}  // namespace flowcast::settings
