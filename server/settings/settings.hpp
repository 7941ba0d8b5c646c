#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "auth/auth_options.hpp"
#include "http/http_options.hpp"
#include "http/tls_context.hpp"
#include "operations/log.hpp"
#include "realtime/engine_options.hpp"
#include "realtime/subscription_wish.hpp"
#include "services/lock_service.hpp"
#include "services/presence_service.hpp"
#include "services/service.hpp"
#include "stores/store_factory.hpp"

namespace flowcast::settings {

// Everything that can be set, complete and checked: what is in here can be run. load() alone makes
// one; each default stands here.
struct settings {
  std::vector<http::listen_address> listen;  // never empty
  std::optional<http::listen_address> metrics_listen;
  bool allow_anonymous = false;
  auth::auth_options auth;
  std::vector<services::service_options> services;  // never empty, names are unique
  services::lock_options locks;
  services::presence_options presence;
  std::string store{stores::default_store()};  // memory, sqlite:PATH or nats:URL
  unsigned threads = 0;                        // shards; load() replaces 0 by one a core

  realtime::engine_options engine;
  realtime::subscription_limits subscriptions;
  http::http_options http;
  http::tls_files tls;  // both, where any address is secure
  // Of all shards; load() gives each its part.
  std::size_t max_outbound_total = std::size_t{256} * 1024 * 1024;
  std::chrono::milliseconds drain_time{5'000};

  operations::severity log_level = operations::severity::info;
  operations::log_format log_format = operations::log_format::text;
};

// True for an address that only this machine can reach.
[[nodiscard]] bool is_loopback(const http::listen_address& address);

// http://HOST:PORT or https://HOST:PORT, with [HOST] for IPv6.
[[nodiscard]] std::string to_url(const http::listen_address& address);

}  // namespace flowcast::settings
