#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/error.hpp"
#include "records/query.hpp"
#include "records/record.hpp"
#include "stores/event_store.hpp"

// What Feathers calls a service: find get create update patch remove, who may, and what goes out. REST and sockets are
// two doors to the same calls.
namespace flowcast::services {

using records::result;
using stores::service_index;

// Who hears of a service's events by default. `keyed`: only sessions that subscribed to the event's key (recommended).
// `broadcast`: also every session that never subscribed to keys of this service, as with Feathers.
enum class delivery { broadcast, keyed };

struct service_options {
  stores::service_definition definition;
  bool multi = false;  // may create arrays, and patch and remove many at once
  std::int64_t paginate_default = 10;
  std::int64_t paginate_max = 50;
  delivery deliver = delivery::broadcast;
};

enum class method { find, get, create, update, patch, remove };

// Who calls: filled in by the door (http, realtime), decided on here.
struct caller {
  std::string address;  // for the log
  // The rights of the caller's token join here with auth; absent: anonymous.
};

struct call {
  method what = method::find;
  std::optional<records::record_id> id;  // update, patch, remove without one: many, where `multi` allows
  std::string document;                  // create, update, patch: JSON text as it came; not yet validated
  records::query query;
  std::string idempotency_key;  // empty: none
  std::chrono::milliseconds deliver_after{0};
};

// The JSON text that both doors answer with: a record, an array of records, or {total,limit,skip,data}.
struct answer {
  std::string json;
  bool replayed = false;  // an idempotent repeat of an earlier publish
};

using answered = std::function<void(result<answer>)>;

// Thread-safe. `done` is called exactly once: on the store's thread or inline, and always after the sink has seen the
// events of the call. The caller hands over to its own thread.
class service {
 public:
  service(service_index index, service_options options, stores::event_store& store);

  service_index index() const { return index_; }
  const std::string& name() const { return options_.definition.name; }
  const service_options& options() const { return options_; }

  void handle(call request, const caller& who, answered done);

 private:
  service_index index_;
  service_options options_;
  stores::event_store& store_;
};

}  // namespace flowcast::services
