#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/identity.hpp"
#include "records/error.hpp"
#include "records/query.hpp"
#include "records/record.hpp"
#include "stores/event_store.hpp"

// What Feathers calls a service: find get create update patch remove, who may, and what goes out.
// REST and sockets are two doors to the same calls.
namespace flowcast::services {

using records::result;
using stores::service_index;

// Who hears of a service's events by default. `keyed`: only sessions that subscribed to the event's
// key (recommended). `broadcast`: also every session that never subscribed to keys of this service,
// as with Feathers.
enum class delivery : std::uint8_t { broadcast, keyed };

inline constexpr std::size_t most_created_at_once = 1000;
inline constexpr std::size_t longest_idempotency_key = 255;  // bytes

struct service_options {
  stores::service_definition definition;
  bool multi = true;  // may create arrays, and patch and remove many at once
  std::int64_t paginate_default = 10;
  std::int64_t paginate_max = 50;
  delivery deliver = delivery::broadcast;
  std::chrono::milliseconds max_deliver_after{60'000};
  unsigned max_depth = records::deepest_record;  // of a record
};

enum class method : std::uint8_t { find, get, create, update, patch, remove };

// "find", "get", …, as Feathers' clients name them.
[[nodiscard]] std::string_view to_string(method what);
[[nodiscard]] std::optional<method> parse_method(std::string_view name);
// Whether it changes nothing.
[[nodiscard]] constexpr bool is_read(method what) {
  return what == method::find || what == method::get;
}

// A client's connection, for what belongs to it; unique in this process. 0: none, as over REST.
using session_number = std::uint64_t;
[[nodiscard]] session_number new_session();

// Who calls: filled in by the door (http, realtime), decided on here.
struct caller {
  std::string address = {};     // for the log
  auth::identity_ptr who = {};  // nullptr: authentication is off, and everything is allowed
  session_number session = 0;   // its end is told by service::left()
};

struct call {
  method what = method::find;
  // update, patch, remove without one: many, where `multi` allows
  std::optional<records::record_id> id;
  std::string document;         // create, update, patch: JSON text as it came; not yet validated
  records::query query;         // its deliver_after: create alone
  std::string idempotency_key;  // empty: none
};

// The JSON text that both doors answer with: a record, an array of records, or
// {total,limit,skip,data}.
struct answer {
  std::string json;
  bool replayed = false;  // an idempotent repeat of an earlier publish
};

using answered = std::function<void(result<answer>)>;

// What both doors, subscriptions and permissions know of a service, whatever it is made of.
// Thread-safe.
class service {
 public:
  service(service_index index, service_options options)
      : index_(index), options_(std::move(options)) {}
  service(const service&) = delete;
  service& operator=(const service&) = delete;
  virtual ~service() = default;

  [[nodiscard]] service_index index() const { return index_; }
  [[nodiscard]] const std::string& name() const { return options_.definition.name; }
  [[nodiscard]] const service_options& options() const { return options_; }

  // `done` is called exactly once: inline or on another thread, and always after the hub was given
  // the events of the call. It hands over to its own thread and returns soon.
  //
  // Errors: bad_request for what makes no sense of its method; method_not_allowed for what the
  // service does not offer; forbidden for what `who` may not do, or not_authenticated where that is
  // nobody in particular. A call that ends in an error has changed nothing.
  //
  // To read takes the right to subscribe, to change that to publish.
  virtual void handle(call request, const caller& who, answered done) = 0;

  // A session that has called has ended.
  virtual void left(session_number /*session*/) {}

  // Whether its events are in the store's log, with offsets, for clients to recover from.
  [[nodiscard]] virtual bool is_logged() const { return true; }
  // What these keys are at now: a JSON array, given to who subscribes to them. Nothing where the
  // service has no such thing. It is never older than the events that the hub was given so far.
  [[nodiscard]] virtual std::optional<std::string> state_of(
      const std::vector<std::string>& /*keys*/) const {
    return std::nullopt;
  }

 private:
  service_index index_;
  service_options options_;
};

}  // namespace flowcast::services
