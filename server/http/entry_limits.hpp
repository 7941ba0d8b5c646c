#pragma once

#include "http/admission.hpp"
#include "http/http_options.hpp"
#include "http/trusted_proxies.hpp"
#include "services/publish_rate.hpp"

namespace flowcast::http {

// Who comes from where, how many there may be, and how often they may publish. Shared by all doors;
// thread-safe; outlives every connection and session.
struct entry_limits {
  explicit entry_limits(const http_options& options)
      : proxies(options.proxies),
        places(options.max_connections, options.max_connections_per_address),
        rate(options.max_publishes) {}

  // A connection, of which nothing is known yet but where it comes from.
  [[nodiscard]] admission::entry admit(const std::string& peer) {
    return proxies.trusts(peer) ? places.admit_relayed() : places.admit(peer);
  }

  const trusted_proxies proxies;
  admission places;
  services::publish_rate rate;
};

}  // namespace flowcast::http
