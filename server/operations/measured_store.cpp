#include "operations/measured_store.hpp"

#include <chrono>
#include <utility>

namespace flowcast::operations {

using clock = std::chrono::steady_clock;

namespace {

// What is the caller's fault says nothing about the store.
bool is_stores_fault(records::errc code) {
  return code == records::errc::general_error || code == records::errc::unavailable ||
         code == records::errc::insufficient_storage || code == records::errc::timeout;
}

}  // namespace

measured_store::measured_store(std::unique_ptr<stores::event_store> measured,
                               std::vector<std::string> services)
    : store_(std::move(measured)), services_(std::move(services)), published_(services_.size()) {}

std::string_view measured_store::name_of(std::size_t operation) {
  constexpr std::array<std::string_view, operation_count> names = {"write", "find", "get",
                                                                   "read_log"};
  return names.at(operation);
}

template <class T>
stores::completion<T> measured_store::measured(operation what, stores::completion<T> done) {
  return [&to = of(what), began = clock::now(), done = std::move(done)](records::result<T> with) {
    to.took.record(clock::now() - began);
    if (!with && is_stores_fault(with.error().code))
      to.failed.add();
    done(std::move(with));
  };
}

void measured_store::submit(stores::write request, stores::completion<stores::written> done) {
  const clock::time_point began = clock::now();
  request.received = began;
  const stores::service_index service = request.service;
  const auto kind = request.kind;
  store_->submit(std::move(request), [this, began, service, kind, done = std::move(done)](
                                         records::result<stores::written> with) {
    measures& to = of(operation::write);
    to.took.record(clock::now() - began);
    if (!with) {
      if (is_stores_fault(with.error().code))
        to.failed.add();
    } else if (with->replayed) {
      replayed_.add();
    } else {
      published_[service][static_cast<std::size_t>(kind)].add(with->records.size());
    }
    done(std::move(with));
  });
}

void measured_store::find(stores::service_index service, records::query query,
                          stores::completion<stores::page> done) {
  store_->find(service, std::move(query), measured(operation::find, std::move(done)));
}

void measured_store::get(stores::service_index service, records::record_id id, records::query query,
                         stores::completion<records::record> done) {
  store_->get(service, std::move(id), std::move(query), measured(operation::get, std::move(done)));
}

void measured_store::read_log(stores::log_read request, stores::completion<stores::log_page> done) {
  store_->read_log(std::move(request), measured(operation::read_log, std::move(done)));
}

void measured_store::write_metrics(metric_text& to) const {
  to.family("flowcast_publishes_total", metric_kind::counter,
            "Changes of records that this server has accepted, by service and type.");
  for (std::size_t service = 0; service < services_.size(); ++service) {
    for (std::size_t type = 0; type < published_[service].size(); ++type) {
      to.sample({{"service", services_[service]},
                 {"type", records::to_string(static_cast<records::event_type>(type))}},
                published_[service][type].value());
    }
  }
  to.counter("flowcast_publishes_replayed_total",
             "Publishes answered from memory, as their Idempotency-Key had been used.",
             replayed_.value());

  to.family("flowcast_store_seconds", metric_kind::histogram,
            "Time that the store took to complete a call; a write is durable by then.");
  for (std::size_t i = 0; i < measures_.size(); ++i) {
    histogram_reading sum;
    measures_[i].took.add_to(sum);
    to.sample({{"operation", name_of(i)}}, sum);
  }
  to.family("flowcast_store_failures_total", metric_kind::counter,
            "Calls that the store could not complete, the caller's mistakes apart.");
  for (std::size_t i = 0; i < measures_.size(); ++i)
    to.sample({{"operation", name_of(i)}}, measures_[i].failed.value());

  const stores::store_condition now = condition();
  to.gauge("flowcast_store_ready", "1 while the store works, else 0.", now.ready ? 1 : 0);
  to.gauge("flowcast_store_queued_writes", "Writes that wait for the store.", now.queued);
  to.gauge("flowcast_store_log_bytes", "Bytes that the store keeps.", now.log_bytes);
}

}  // namespace flowcast::operations
