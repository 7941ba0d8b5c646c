#include "services/lock_service.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <limits>
#include <stdexcept>
#include <utility>

#include "protocol/decimal.hpp"
#include "services/access.hpp"
#include "services/document_list.hpp"
#include "services/store_reads.hpp"

namespace flowcast::services {

using records::errc;
using records::error;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t expired_at_once = 500;
constexpr milliseconds longest_look{1000};  // the wall clock may be set meanwhile
constexpr milliseconds repeat_after{2000};  // where the store did not take it, or no event came
// Longer than any lease: what is held has an event that is younger, and is never trimmed.
constexpr std::chrono::hours kept_for{2};
static_assert(kept_for > longest_lease);

service_options options_of_locks() {
  service_options options;
  options.definition = lock_service::definition();
  options.multi = false;
  options.deliver = delivery::keyed;
  return options;
}

error bad_request(std::string why) {
  return {errc::bad_request, std::move(why), {}, {}};
}

}  // namespace

lock_service::lock_service(service_index index, const lock_options& options,
                           stores::event_store& store, stores::wall_clock now)
    : service(index, options_of_locks()),
      limits_(options),
      store_(store),
      clock_(std::move(now)),
      alarm_([this] { return announce_expired(); }) {}

lock_service::~lock_service() {
  stop();
}

stores::service_definition lock_service::definition() {
  stores::service_definition made;
  made.name = lock_service_name;
  made.id_field = "key";
  made.key_field = "key";
  made.position_field = "fence";
  made.keep = {0, kept_for, 0};
  return made;
}

void lock_service::start() {
  auto promise = std::make_shared<std::promise<result<stores::page>>>();
  store_.find(index(), records::query(),
              [promise](result<stores::page> found) { promise->set_value(std::move(found)); });
  result<stores::page> found = promise->get_future().get();
  if (!found) {
    throw std::runtime_error("Cannot read the locks: " + found.error().message);
  }
  std::vector<lease> leases;
  for (const records::record& each : found->records) {
    if (auto one = read_lease(each.json)) {
      leases.push_back(*std::move(one));
    }
  }
  const std::lock_guard lock(mutex_);
  leases_.fill(std::move(leases));
  if (leases_.size() > 0) {
    alarm_.wake();
  }
}

std::int64_t lock_service::now() const {
  return std::chrono::duration_cast<milliseconds>(clock_().time_since_epoch()).count();
}

void lock_service::handle(call request, const caller& who, answered done) {
  if (request.query.deliver_after.count() != 0) {
    done(bad_request("a lock can not be delivered later"));
    return;
  }
  const auth::identity* const asks = who.who.get();
  if (asks != nullptr) {
    if (auto refused = authorize(request, name(), *asks)) {
      done(*std::move(refused));
      return;
    }
  }
  switch (request.what) {
    case method::find:
      request.query.narrow_to_higher("expires", now());
      return find_in_store(*this, store_, std::move(request.query), std::move(done));
    case method::get:
      request.query.narrow_to_higher("expires", now());
      return get_from_store(*this, store_, std::move(request), std::move(done));
    case method::create:
      return acquire(request, asks, std::move(done));
    case method::update:
      done(error{errc::method_not_allowed,
                 "A lock is not replaced: create acquires or renews it, patch renews it",
                 {},
                 {}});
      return;
    case method::patch:
    case method::remove:
      return change(request, asks, std::move(done));
  }
}

std::optional<error> lock_service::refuse_key(const auth::identity* who,
                                              std::string_view key) const {
  if (who == nullptr || who->may.publish(name())->matches(key)) {
    return std::nullopt;
  }
  return may_not(*who, "publish this key to", name());
}

// Who asks, in the words of leases.
void lock_service::prove(lease_request& asked, const auth::identity* who) {
  if (who != nullptr && (who->is_nobody() || !who->claims.empty())) {
    asked.user = who->subject;
  }
  prove_name(asked.name, who);
}

void lock_service::acquire(const call& request, const auth::identity* who, answered done) {
  if (is_array(request.document)) {
    done(method_not_multi(request.what));
    return;
  }
  auto asked = read_lease_request(request.document, true);
  if (!asked) {
    done(asked.error());
    return;
  }
  if (auto refused = refuse_key(who, asked->key)) {
    done(*std::move(refused));
    return;
  }
  prove(*asked, who);
  if (auto refused = too_many(*asked)) {
    done(*std::move(refused));
    return;
  }
  submit(*std::move(asked), &services::acquire, std::move(done));
}

void lock_service::change(const call& request, const auth::identity* who, answered done) {
  if (!request.id) {
    done(method_not_multi(request.what));
    return;
  }
  lease_request asked;
  if (request.what == method::patch) {
    auto read = read_lease_request(request.document, false);
    if (!read) {
      done(read.error());
      return;
    }
    asked = *std::move(read);
  } else {
    asked.holder = request.query.required("holder").value_or("");
    if (asked.holder.empty()) {
      done(bad_request("Say who releases the lock: ?holder=… as it was acquired"));
      return;
    }
    if (const auto fence = request.query.required("fence")) {
      asked.fence = protocol::whole_number<std::uint64_t>(*fence);
      if (!asked.fence) {
        done(bad_request("fence is the number that came with the lease"));
        return;
      }
    }
  }
  asked.key = request.id->text();
  if (auto refused = refuse_key(who, asked.key)) {
    done(*std::move(refused));
    return;
  }
  prove(asked, who);
  submit(std::move(asked), request.what == method::patch ? &services::renew : &services::release,
         std::move(done));
}

std::optional<error> lock_service::too_many(const lease_request& asked) const {
  const std::lock_guard lock(mutex_);
  if (leases_.find(asked.key) != nullptr) {
    return std::nullopt;  // there are no more of them with it
  }
  if (leases_.held_by(asked.user.value_or(std::string()), asked.holder) >= limits_.most_of_holder) {
    return error{
        errc::too_many_requests,
        "This holder has " + std::to_string(limits_.most_of_holder) + " locks: release some",
        {},
        std::chrono::seconds(1),
        records::error_cause::lock_limit};
  }
  if (leases_.size() >= limits_.most) {
    return error{errc::too_many_requests,
                 "There are " + std::to_string(limits_.most) + " locks: wait until some are free",
                 {},
                 std::chrono::seconds(1),
                 records::error_cause::lock_limit};
  }
  return std::nullopt;
}

void lock_service::submit(lease_request asked, decide how, answered done) {
  stores::write write;
  write.service = index();
  write.id = records::record_id::from_text(asked.key);
  write.decide = [this, how, asked = std::move(asked)](const records::record* current) {
    return how(current, asked, now());
  };
  store_.submit(std::move(write), [done = std::move(done)](result<stores::written> stored) {
    if (!stored) {
      done(std::move(stored).error());
      return;
    }
    // Of a take-over, the last is the new lease.
    done(answer{std::move(stored->records.back().json)});
  });
}

std::optional<std::string> lock_service::state_of(const std::vector<std::string>& keys) const {
  const std::int64_t moment = now();
  std::string json = "[";
  const std::lock_guard lock(mutex_);
  for (const std::string& key : keys) {
    const lease* const found = leases_.find(key);
    if (found != nullptr && found->holds(moment)) {
      json.append(json.size() > 1 ? "," : "").append(to_json(*found));
    }
  }
  return json += ']';
}

void lock_service::on_event(const records::event& event) {
  const std::lock_guard lock(mutex_);
  if (event.type == records::event_type::removed) {
    leases_.erase(event.record.key);
    return;
  }
  if (auto told = read_lease(event.record.json)) {
    const std::int64_t expires = told->expires;
    leases_.set(*std::move(told));
    if (expires < looks_at_) {
      looks_at_ = expires;
      alarm_.wake();
    }
  }
}

std::optional<milliseconds> lock_service::announce_expired() {
  std::vector<std::string> due;
  {
    const std::lock_guard lock(mutex_);
    due = leases_.take_due(now(), expired_at_once, repeat_after.count());
  }
  for (const std::string& key : due) {
    announce_expired(key);
  }
  const std::lock_guard lock(mutex_);
  const std::optional<std::int64_t> next = leases_.next_due();
  looks_at_ = next.value_or(std::numeric_limits<std::int64_t>::max());
  if (!next) {
    return std::nullopt;
  }
  return std::clamp(milliseconds(*next - now()), milliseconds(0), longest_look);
}

void lock_service::announce_expired(const std::string& key) {
  stores::write write;
  write.service = index();
  write.id = records::record_id::from_text(key);
  write.decide = [this](const records::record* current) { return expire(current, now()); };
  store_.submit(std::move(write), [this, key](const result<stores::written>& stored) {
    if (!stored || !stored->records.empty()) {
      return;
    }
    // The store has no such lease any more. But somebody may have got the key since.
    const std::lock_guard lock(mutex_);
    const lease* const known = leases_.find(key);
    if (known != nullptr && !known->holds(now())) {
      leases_.erase(key);
    }
  });
}

void lease_watch::on_events(std::shared_ptr<const std::vector<records::event>> batch) {
  for (const records::event& each : *batch) {
    if (each.service == locks_->index()) {
      locks_->on_event(each);
    }
  }
  next_->on_events(std::move(batch));
}

}  // namespace flowcast::services
