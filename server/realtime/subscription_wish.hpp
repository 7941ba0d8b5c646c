#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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
  // All that it asked for was refused: it hears nothing of the service, nor what that broadcasts.
  bool silent = false;
};

// What it may not have of that, and why.
struct refused_wish {
  std::string service;            // as the client named it
  std::vector<std::string> keys;  // empty: all that it asked for of the service
  records::error why;
};

// What a client asks for, as far as it can have it.
struct wish_list {
  std::vector<subscription_wish> granted;
  std::vector<refused_wish> refused;

  // There was something, and nothing of it is granted.
  [[nodiscard]] bool in_vain() const;
};

// What comes of a wish of which a part can not be granted: nothing, and the first reason is the
// error; or the rest, and the list says what is refused.
enum class granting : std::uint8_t { all_or_nothing, in_part };

// Adds to `refused`; keys of a service that are refused for the same reason, one after the other,
// go together. Without a key: all of the service.
void refuse_in_part(std::vector<refused_wish>& refused, std::string service,
                    std::optional<std::string> key, records::error why);

// The keys in a `subscribe` event or packet: a list of strings (or numbers, by their digits), one
// of them alone, or nothing for the whole service. `taken`: keys that the session has already.
[[nodiscard]] records::result<wish_list> read_wish(services::service& of, protocol::json_value keys,
                                                   const subscription_limits& limits, granting how,
                                                   std::size_t taken = 0);

// The `subscribe` member of a CONNECT packet: {"<service>":[keys]}.
[[nodiscard]] records::result<wish_list> read_wishes(const services::service_registry& services,
                                                     protocol::json_value subscribe,
                                                     const subscription_limits& limits,
                                                     granting how);

// [{"service":"…","keys":["…"],"error":{…}}], keys only where there are.
[[nodiscard]] std::string to_json(const std::vector<refused_wish>& refused);

// The part of the log that concerns a client with these wishes: of a service that it does not name,
// all of it, if that service broadcasts.
[[nodiscard]] std::vector<stores::log_filter> filters_of(
    const services::service_registry& services, const std::vector<subscription_wish>& wishes);

// What the keys of wishes are at now, {"<service>":[…]}, of the services that say so; empty if none
// does.
[[nodiscard]] std::string states_of(const std::vector<subscription_wish>& wishes);

}  // namespace flowcast::realtime
