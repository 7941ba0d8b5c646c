#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/alarm.hpp"
#include "services/lease.hpp"
#include "services/lease_table.hpp"
#include "services/service.hpp"
#include "stores/store_options.hpp"

namespace flowcast::services {

inline constexpr std::string_view lock_service_name = "locks";

struct lock_options {
  bool on = true;
  std::size_t most = 100'000;  // leases at once, as far as this node knows
  std::size_t most_of_holder = 1'000;
};

// The service `locks`: leases on keys. A lease is a record of the store, and the store decides who
// gets it (see lease.hpp), so that it is as durable, and as right across nodes, as the store is.
//
// Rules
//  1. create acquires, or renews what the same holder has: 201, or conflict with the lease that is
//  in the way.
//  2. patch renews, remove releases: the holder's alone. not_found where nobody holds it.
//  3. find and get see leases that hold now.
//  4. A lease that expires is removed within a second, by an event; also one that was found at the
//  start, or that another node gave.
//  5. An Idempotency-Key is not needed, and means nothing: a lease that was given once may be over.
class lock_service final : public service {
 public:
  lock_service(service_index index, const lock_options& options, stores::event_store& store,
               stores::wall_clock now);
  ~lock_service() override;
  lock_service(const lock_service&) = delete;
  lock_service& operator=(const lock_service&) = delete;

  // What the store is to be opened with.
  [[nodiscard]] static stores::service_definition definition();

  // Once the store has started: reads the leases that there are, and watches their time from then
  // on. Throws std::runtime_error if they cannot be read.
  void start();
  // Announces no more. Before the store stops.
  void stop() { alarm_.stop(); }

  void handle(call request, const caller& who, answered done) override;
  [[nodiscard]] std::optional<std::string> state_of(
      const std::vector<std::string>& keys) const override;

  // An event of this service, before the hub is given it. The store's thread.
  void on_event(const records::event& event);

 private:
  using decide = lease_changes (*)(const records::record*, const lease_request&, std::int64_t);

  void acquire(const call& request, const auth::identity* who, answered done);
  void change(const call& request, const auth::identity* who, answered done);
  static void prove(lease_request& asked, const auth::identity* who);
  void submit(lease_request asked, decide how, answered done);
  [[nodiscard]] std::optional<records::error> too_many(const lease_request& asked) const;
  // nullptr: everybody may.
  [[nodiscard]] std::optional<records::error> refuse_key(const auth::identity* who,
                                                         std::string_view key) const;
  [[nodiscard]] std::int64_t now() const;
  std::optional<std::chrono::milliseconds> announce_expired();
  void announce_expired(const std::string& key);

  lock_options limits_;
  stores::event_store& store_;
  stores::wall_clock clock_;
  mutable std::mutex mutex_;
  lease_table leases_;
  // Until when the alarm may wait.
  std::int64_t looks_at_ = std::numeric_limits<std::int64_t>::max();
  alarm alarm_;
};

// Shows the events of a lock service to it, and passes all on.
class lease_watch final : public stores::event_sink {
 public:
  lease_watch(lock_service& locks, stores::event_sink& next) : locks_(&locks), next_(&next) {}

  void on_events(std::shared_ptr<const std::vector<records::event>> batch) override;

 private:
  lock_service* locks_;
  stores::event_sink* next_;
};

}  // namespace flowcast::services
