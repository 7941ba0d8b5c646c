#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "protocol/json_value.hpp"
#include "records/error.hpp"
#include "services/service_registry.hpp"
#include "stores/event_store.hpp"

namespace flowcast::realtime {

struct subscription_limits {
  std::size_t keys = 10'000;  // of one session
  std::size_t key = 512;      // bytes
};

// What a client asks to hear of one service.
struct subscription_wish {
  services::service* of = nullptr;
  bool whole = false;
  std::vector<std::string> keys;  // where not whole
};

// The keys in a `subscribe` event or packet: a list of strings (or numbers, by their digits), one
// of them alone, or nothing for the whole service.
[[nodiscard]] records::result<subscription_wish> read_wish(services::service& of,
                                                           protocol::json_value keys,
                                                           const subscription_limits& limits);

// The `subscribe` member of a CONNECT packet: {"<service>":[keys]}.
[[nodiscard]] records::result<std::vector<subscription_wish>> read_wishes(
    const services::service_registry& services, protocol::json_value subscribe,
    const subscription_limits& limits);

// The part of the log that concerns a client with these wishes: of a service that it does not name,
// all of it, if that service broadcasts.
[[nodiscard]] std::vector<stores::log_filter> filters_of(
    const services::service_registry& services, const std::vector<subscription_wish>& wishes);

// What the keys of wishes are at now, {"<service>":[…]}, of the services that say so; empty if none
// does.
[[nodiscard]] std::string states_of(const std::vector<subscription_wish>& wishes);

}  // namespace flowcast::realtime
