#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/json_value.hpp"
#include "records/error.hpp"
#include "records/key_patterns.hpp"

namespace flowcast::auth {

// What somebody may do: publish and subscribe (which is also: read), each by service and key, and
// observe: see the server's metrics and status. A value, safe to read from any thread.
//
// As JSON, in a token's claim `flowcast`:
//
//   {"publish":   {"microflow": ["order-*"]},
//    "subscribe": {"microflow": ["9007199254740993", "order-*"], "*": ["*"]},
//    "observe": true}
//
// by service, or `*` for all that are not named; of each a list of keys or patterns in which `*`
// stands for any characters. Shorter: `["microflow"]` for all keys of these services, `true` for
// everything, `false` for nothing. What is not there is not allowed.
class rights {
 public:
  using keys = std::shared_ptr<const records::key_patterns>;

  rights() = default;  // nothing
  [[nodiscard]] static rights everything();
  [[nodiscard]] static rights to_subscribe();  // to everything
  [[nodiscard]] static rights to_publish();    // everything
  [[nodiscard]] static rights to_observe();

  // bad_request for what has another shape, with what is wrong.
  [[nodiscard]] static records::result<rights> read(protocol::json_value claim);

  // The keys of a service; never nullptr.
  [[nodiscard]] keys publish(std::string_view service) const { return of(publish_, service); }
  [[nodiscard]] keys subscribe(std::string_view service) const { return of(subscribe_, service); }

  [[nodiscard]] bool observe() const { return observe_; }

  // The same in the same words.
  friend bool operator==(const rights& a, const rights& b);

 private:
  using by_service = std::map<std::string, keys, std::less<>>;

  [[nodiscard]] static keys of(const by_service& in, std::string_view service);
  [[nodiscard]] static records::result<by_service> read_list(protocol::json_value value);

  by_service publish_;
  by_service subscribe_;
  bool observe_ = false;
};

}  // namespace flowcast::auth
