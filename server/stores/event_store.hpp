#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "records/error.hpp"
#include "records/event.hpp"
#include "records/offset.hpp"
#include "records/query.hpp"
#include "records/record.hpp"
#include "stores/peer_link.hpp"

// The contract of every store: records and the log of their events, kept together.
//
// Rules
//  1. One log a store. Each accepted change of one record is one event at the next position, across
//  all services.
//     Positions only grow. Record, event and idempotency entry are one transaction: all or nothing.
//  2. A write is completed after the store has accepted it: durably, for the stores that promise
//  it. Acked means
//     not lost. A write that completes with an error has changed nothing.
//  3. Order, for each write: first the sink is given its events (in log order, all writes of a
//  batch in one call),
//     then its completion runs. The sink has therefore always seen an event before its publisher
//     hears of it.
//  4. Sink and completions are called on the store's own thread, or inline on the caller's thread
//  from within the
//     call: the callee hands over to its own thread and returns soon. Each completion is called
//     exactly once, also at shutdown (errc::unavailable).
//  5. A read that is started after a write has completed, or after the sink has seen an event, sees
//  it (read your
//     writes). Reads do not block writes, and a slow read delays no other session.
//  6. Every call is safe from any thread. The store outlives no callee: `stop()` returns after the
//  last callback.
//  7. An event older than the retention of its service is trimmed from the log, and a record older
//  than it with it.
//     A log read that would have needed a trimmed event answers errc::offset_gone, never a gap in
//     silence.
namespace flowcast::stores {

using records::result;

// A service's index in the list the store was opened with; the same number everywhere in this
// process.
using records::service_index;

struct retention {
  std::uint64_t max_events = 1'000'000;  // per service; 0: no limit
  std::chrono::seconds max_age{0};       // 0: no limit
  std::uint64_t max_bytes = 0;           // of stored JSON, per service; 0: no limit
};

struct service_definition {
  std::string name;
  std::string id_field = "id";
  std::string key_field = "text";
  std::int64_t start_id = 1;
  retention keep;
  // Where set: a record that has no such member when it is created or changed is given it, with the
  // position of its event. So the member's number is one that only grows, on every store and node.
  // Not of records that are delivered later.
  std::string position_field = {};
};

// Publishing twice with one key publishes once: within the store's window the second write with the
// same key, service and body completes with the first one's result (`replayed`), and with another
// body as errc::conflict.
struct idempotency {
  std::string key;
  std::uint64_t body_digest = 0;
};

// One change that a decision makes of its record.
struct decided_change {
  records::event_type type = records::event_type::created;
  std::string document;  // removed: what its event says that the record was; empty: as it was
};

// What a store asks before it changes one record, inside the transaction: it is given the current
// record, or nullptr where there is none, and answers what is to change, in this order and all or
// nothing; an empty list to leave all as it is (the write then completes with the current record
// and no event); or the error to complete with. It may be called more than once (a store that
// compares and sets retries), on the store's thread, and must not block or call the store. Locks
// are made of this.
using decision = std::function<result<std::vector<decided_change>>(const records::record* current)>;

struct write {
  service_index service = 0;
  records::event_type kind = records::event_type::created;
  // created: one JSON object for each record, as it came. updated, patched: one. removed: none.
  std::vector<std::string> documents;
  // updated, patched, removed: the one record meant. Without it: every record that `where` matches
  // (Feathers' multi).
  std::optional<records::record_id> id;
  // With an id, the record must match it too, else errc::not_found.
  records::query where;
  decision decide;  // with an id alone; may be empty. `kind` and `documents` are not used then
  std::optional<idempotency> once;
  // The write is accepted now; the record appears and its event goes out after this. Survives a
  // restart wherever the store is durable. created only.
  std::chrono::milliseconds deliver_after{0};
  // For event::received; a store may forget it.
  std::chrono::steady_clock::time_point received{};
};

struct written {
  std::vector<records::record>
      records;           // as stored (removed: as they were), in the order of their events
  records::offset last;  // the position of the last event
  bool replayed = false;
};

struct page {
  std::uint64_t total = 0;
  std::int64_t limit = 0;  // as applied
  std::int64_t skip = 0;
  std::vector<records::record> records;  // after $select
};

// Which part of a service's log a reader wants.
struct log_filter {
  service_index service = 0;
  bool whole = false;             // every key
  std::vector<std::string> keys;  // where not whole
};

struct log_read {
  std::vector<log_filter> filters;
  records::offset after;         // exclusive; of this store's epoch, else errc::offset_gone
  std::uint64_t up_to = 0;       // inclusive position
  std::size_t max_events = 500;  // a page; at least one event is given
  std::size_t max_bytes = 262'144;
};

struct log_page {
  std::vector<records::event> events;  // in log order
  std::uint64_t next = 0;              // read on after this position
  bool complete = false;               // everything up to `up_to` was given
};

// Given every event once, in log order. See rules 3 and 4.
class event_sink {
 public:
  event_sink() = default;
  event_sink(const event_sink&) = delete;
  event_sink& operator=(const event_sink&) = delete;
  virtual ~event_sink() = default;
  virtual void on_events(std::shared_ptr<const std::vector<records::event>> batch) = 0;
};

template <class T>
using completion = std::function<void(result<T>)>;

struct store_condition {
  bool ready = false;
  std::string reason;           // why not, for people
  std::uint64_t queued = 0;     // writes waiting
  std::uint64_t log_bytes = 0;  // what the store keeps
};

class event_store {
 public:
  event_store() = default;
  event_store(const event_store&) = delete;
  event_store& operator=(const event_store&) = delete;
  virtual ~event_store() = default;

  // Called once, before anything else. `sink` outlives the store's last call to it, which is before
  // stop() returns.
  virtual void start(event_sink& sink) = 0;
  // Completes what was accepted, answers the rest with errc::unavailable, and returns when all
  // callbacks are done.
  virtual void stop() = 0;

  virtual void submit(write request, completion<written> done) = 0;
  virtual void find(service_index service, records::query query, completion<page> done) = 0;
  virtual void get(service_index service, records::record_id id, records::query query,
                   completion<records::record> done) = 0;
  virtual void read_log(log_read request, completion<log_page> done) = 0;

  // The position of the last event that the sink was given (it is set just before the sink's call,
  // so that whoever begins to listen from here hears every later event), and the log's epoch.
  // Lock-free.
  [[nodiscard]] virtual records::offset head() const = 0;
  [[nodiscard]] virtual store_condition condition() const = 0;

  // The other nodes that share this store, to speak with about one topic; nullptr: there are none.
  // The store outlives it.
  [[nodiscard]] virtual std::unique_ptr<peer_link> open_peers(const std::string& /*topic*/) {
    return nullptr;
  }
};

}  // namespace flowcast::stores
