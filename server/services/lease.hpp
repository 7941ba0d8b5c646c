#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/json_value.hpp"
#include "records/record.hpp"
#include "stores/event_store.hpp"

// Who holds a key, until when: what a lock is made of. No IO; the store asks these functions within
// its transaction, and they are given the time.
namespace flowcast::services {

inline constexpr std::chrono::milliseconds shortest_lease{100};
inline constexpr std::chrono::milliseconds longest_lease{3'600'000};
inline constexpr std::chrono::milliseconds usual_lease{30'000};
inline constexpr std::size_t longest_lock_key = 512;  // bytes
inline constexpr std::size_t longest_holder = 256;    // … and of a name

struct lease {
  std::string key;
  std::string holder;  // opaque
  std::string name;    // of the holder, for people
  std::int64_t ttl = 0;
  std::int64_t expires =
      0;                    // milliseconds since 1970, by the server's clock: not held from then on
  std::uint64_t fence = 0;  // 0: to be given by the store, with the event
  std::string user = {};    // whose token took it; empty: nobody's in particular

  [[nodiscard]] bool holds(std::int64_t now) const { return expires > now; }
};

// Without a value for what is no lease. Of a record that the store has: never, but for what others
// have written into it.
[[nodiscard]] std::optional<lease> read_lease(std::string_view json);
// {"key":…,"holder":…,"name":…[,"user":…],"ttl":…,"expires":…[,"fence":…]}
[[nodiscard]] std::string to_json(const lease& what);

// What somebody asks of a lock.
struct lease_request {
  std::string key;
  std::string holder;
  std::optional<std::string> name;
  std::optional<std::chrono::milliseconds> ttl;
  std::optional<std::uint64_t> fence;  // what they believe it is
  // By their token, empty where it names nobody. Nothing: they may speak for anybody.
  std::optional<std::string> user;
};

// From the document of a create, or of a patch, which names no key. bad_request for what is missing
// or out of bounds.
[[nodiscard]] stores::result<lease_request> read_lease_request(std::string_view document,
                                                               bool with_key);

using lease_changes = stores::result<std::vector<stores::decided_change>>;

// The decisions, on the record that the store has now, or nullptr.
//
// Rules
//  1. A lease holds while it has not expired; its holder alone renews and releases it, with a token
//     of the same user where a token took it: everybody who watches is told who the holder is. A
//     renewal keeps its fence.
//  2. Whoever gets a key that nobody holds has a new lease, with a fence that is higher than every
//     one before: the position of its event. So has the holder of before, once it has expired.
//  3. What has expired is removed with the reason, once: by whoever comes first, the clock or the
//     next holder.
//  4. conflict carries the lease that is in the way.
[[nodiscard]] lease_changes acquire(const records::record* current, const lease_request& asked,
                                    std::int64_t now);
[[nodiscard]] lease_changes renew(const records::record* current, const lease_request& asked,
                                  std::int64_t now);
[[nodiscard]] lease_changes release(const records::record* current, const lease_request& asked,
                                    std::int64_t now);
[[nodiscard]] lease_changes expire(const records::record* current, std::int64_t now);

}  // namespace flowcast::services
