#include "stores/memory_store.hpp"

#include <algorithm>
#include <utility>

#include "stores/fresh_epoch.hpp"
#include "stores/log_page_builder.hpp"
#include "stores/page_builder.hpp"

namespace flowcast::stores {

namespace {

using records::event;
using records::record;

constexpr std::size_t largest_batch = 1024;   // writes
constexpr std::size_t records_a_look = 1024;  // that a search looks at before it lets others in
constexpr std::chrono::seconds trim_interval{10};

std::int64_t seconds_of(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

// Keeps the memory that the next batch needs, and not what a burst needed.
template <class T>
void give_back(std::vector<T>& used) {
  constexpr std::size_t kept = 64;
  used.clear();
  if (used.capacity() > kept) {
    std::vector<T>().swap(used);
  }
}

}  // namespace

memory_store::memory_store(store_options options)
    : options_(std::move(options)),
      fields_(fields_of(options_.services)),
      epoch_(fresh_epoch()),
      records_(options_.services, epoch_),
      answers_(options_.idempotency_window, options_.most_idempotency_keys) {}

memory_store::~memory_store() {
  stop();
}

void memory_store::start(event_sink& sink) {
  sink_ = &sink;
  {
    const std::lock_guard lock(work_mutex_);
    working_ = true;
  }
  worker_ = std::thread([this] { work(); });
  const std::lock_guard lock(queue_mutex_);
  stopped_ = false;
}

void memory_store::stop() {
  {
    std::unique_lock lock(queue_mutex_);
    stopped_ = true;
    idle_.wait(lock, [this] { return !draining_; });
  }
  {
    const std::lock_guard lock(work_mutex_);
    working_ = false;
  }
  work_wanted_.notify_all();
  if (worker_.joinable()) {
    worker_.join();
  }
}

void memory_store::submit(write request, completion<written> done) {
  auto prepared = prepare(request, done, fields_[request.service]);
  if (!prepared) {
    done(prepared.error());
    return;
  }
  const result<bool> drains = enqueue(*prepared);
  if (!drains) {
    prepared->done(drains.error());
  } else if (*drains) {
    drain();
  }
}

result<bool> memory_store::enqueue(prepared_write& one) {
  const std::lock_guard lock(queue_mutex_);
  if (stopped_) {
    return store_unavailable("The store is shutting down");
  }
  if (!draining_) {
    draining_ = true;
    batch_.push_back(std::move(one));
    return true;
  }
  if (!queue_.empty() && queued_bytes_ + one.bytes > options_.most_queued_bytes) {
    return store_unavailable("Too many writes are waiting");
  }
  queued_bytes_ += one.bytes;
  queue_.push_back(std::move(one));
  return false;
}

void memory_store::drain() {
  bool more = true;
  while (more) {
    const std::span<prepared_write> batch = batch_;
    std::size_t at = 0;
    do {
      const std::size_t size = std::min(batch.size() - at, largest_batch);
      carry_out(batch.subspan(at, size));
      at += size;
    } while (at < batch.size());
    give_back(batch_);
    more = next_batch();
  }
}

bool memory_store::next_batch() {
  const std::lock_guard lock(queue_mutex_);
  if (queue_.empty() && !due_) {
    draining_ = false;
    idle_.notify_all();
    return false;
  }
  due_ = false;
  queued_bytes_ = 0;
  batch_.swap(queue_);
  return true;
}

void memory_store::carry_out(std::span<prepared_write> batch) {
  const clock::time_point now = options_.now();
  std::shared_ptr<const std::vector<event>> events;
  {
    const std::lock_guard lock(state_mutex_);
    deliver_due(now);
    for (prepared_write& each : batch) {
      outcomes_.push_back(carry_out(each, now));
    }
    events = records_.publish();
    records_.trim(options_.services, seconds_of(now));
  }
  if (events) {
    head_.store(events->back().offset.position, std::memory_order_release);
    sink_->on_events(events);
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    batch[i].done(std::move(outcomes_[i]));
  }
  give_back(outcomes_);
}

result<written> memory_store::carry_out(prepared_write& one, clock::time_point now) {
  const write& request = one.request;
  if (request.once) {
    const idempotency_window::answer* const first =
        answers_.find(request.service, request.once->key, now);
    if (first != nullptr) {
      return replay(first->body_digest, *request.once, first->result);
    }
  }
  auto plan = plan_write(one, fields_[request.service], options_.most_changes, records_);
  if (!plan) {
    return plan.error();
  }
  written out = request.deliver_after.count() > 0
                    ? delay(one, *std::move(plan), now)
                    : records_.apply(request.service, *std::move(plan), seconds_of(now));
  if (request.once) {
    answers_.remember(request.service, request.once->key, {request.once->body_digest, out}, now);
  }
  return out;
}

written memory_store::delay(prepared_write& one, write_plan plan, clock::time_point now) {
  const service_index service = one.request.service;
  written out;
  out.last = records_.head();
  for (const planned_change& change : plan.changes) {
    records_.reserve(service, change.record.id, plan.next_id.value_or(records_.next_id(service)));
    out.records.push_back(change.record);
  }
  plan.next_id.reset();
  delayed_.emplace(now + one.request.deliver_after, delayed_write{service, std::move(plan)});
  {
    const std::lock_guard lock(work_mutex_);
    next_due_ = delayed_.begin()->first;
  }
  work_wanted_.notify_all();
  return out;
}

void memory_store::deliver_due(clock::time_point now) {
  if (delayed_.empty()) {
    return;
  }
  while (!delayed_.empty() && delayed_.begin()->first <= now) {
    delayed_write due = std::move(delayed_.extract(delayed_.begin()).mapped());
    for (const planned_change& change : due.plan.changes) {
      records_.unreserve(due.service, change.record.id);
    }
    records_.apply(due.service, std::move(due.plan), seconds_of(now));
  }
  const std::lock_guard lock(work_mutex_);
  next_due_ = delayed_.empty() ? clock::time_point::max() : delayed_.begin()->first;
}

void memory_store::work() {
  const bool ages = std::any_of(options_.services.begin(), options_.services.end(),
                                [](const auto& each) { return each.keep.max_age.count() > 0; });
  std::unique_lock lock(work_mutex_);
  while (true) {
    if (!searches_.empty()) {
      const std::function<void()> search = std::move(searches_.front());
      searches_.pop_front();
      lock.unlock();
      search();
      lock.lock();
      continue;
    }
    if (!working_) {
      return;
    }
    const clock::time_point now = options_.now();
    if (next_due_ > now && next_due_ == clock::time_point::max() && !ages) {
      work_wanted_.wait(lock);
      continue;
    }
    if (next_due_ > now) {
      // The wall clock may be set meanwhile: look at it now and then.
      const auto wait = std::min<clock::duration>(next_due_ - now, std::chrono::seconds(1));
      work_wanted_.wait_for(lock, ages && next_due_ - now > trim_interval ? trim_interval : wait);
      if (!ages || !working_ || !searches_.empty()) {
        continue;
      }
    }
    next_due_ = clock::time_point::max();
    lock.unlock();
    bool drains = false;
    {
      const std::lock_guard queue_lock(queue_mutex_);
      drains = !stopped_ && !std::exchange(draining_, true);
      due_ = !stopped_ && !drains;  // else whoever drains looks at them next
    }
    if (drains) {
      drain();
    }
    lock.lock();
  }
}

void memory_store::find(service_index service, records::query query, completion<page> done) {
  const char* refusal = nullptr;
  {
    const std::lock_guard lock(work_mutex_);
    if (!working_) {
      refusal = "The store is shutting down";
    } else if (searches_.size() >= options_.most_queued_reads) {
      refusal = "Too many searches are waiting";
    } else {
      searches_.emplace_back(
          [this, service, query = std::move(query), done] { search(service, query, done); });
    }
  }
  if (refusal != nullptr) {
    done(store_unavailable(refusal));
    return;
  }
  work_wanted_.notify_all();
}

void memory_store::search(service_index service, const records::query& query,
                          const completion<page>& done) {
  page_builder out(query, fields_[service].id);
  std::optional<record_place> from = 0;
  while (from) {
    const std::lock_guard lock(state_mutex_);
    from = records_.scan(service, *from, records_a_look, [&](const record& candidate) {
      if (!query.matches(candidate)) {
        return true;
      }
      if (out.wants_next()) {
        out.add(candidate);
      } else {
        out.pass();
      }
      const bool known = query.matches_all() && out.full();
      if (known) {
        out.set_total(records_.count(service));
      }
      return !known;
    });
  }
  done(out.finish());
}

void memory_store::get(service_index service, records::record_id id, records::query query,
                       completion<record> done) {
  std::optional<record> found;
  {
    const std::lock_guard lock(state_mutex_);
    found = records_.current(service, id);
  }
  if (!found || !query.matches(*found)) {
    done(not_found(id));
    return;
  }
  done(query.select(*std::move(found), fields_[service].id));
}

void memory_store::read_log(log_read request, completion<log_page> done) {
  if (auto refused = check_log_read(request, head(), fields_.size()); !refused) {
    done(refused.error());
    return;
  }
  std::unique_lock lock(state_mutex_);
  const bool trimmed =
      std::any_of(request.filters.begin(), request.filters.end(), [&](const log_filter& filter) {
        return request.after.position < records_.trimmed(filter.service);
      });
  if (trimmed) {
    lock.unlock();
    done(offset_gone());
    return;
  }
  log_page out = records_.read_log(request);
  lock.unlock();
  done(std::move(out));
}

records::offset memory_store::head() const {
  return {epoch_, head_.load(std::memory_order_acquire)};
}

store_condition memory_store::condition() const {
  store_condition out;
  {
    const std::lock_guard lock(queue_mutex_);
    out.ready = !stopped_;
    out.reason = stopped_ ? "not started, or shutting down" : "";
    out.queued = queue_.size();
  }
  const std::lock_guard lock(state_mutex_);
  out.log_bytes = records_.log().bytes();
  return out;
}

}  // namespace flowcast::stores
