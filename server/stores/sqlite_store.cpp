#include "stores/sqlite_store.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "stores/idempotency_window.hpp"
#include "stores/sqlite_file.hpp"
#include "stores/store_factory.hpp"

namespace flowcast::stores {

namespace {

using records::errc;
using records::error;
using records::event;

constexpr std::size_t largest_batch = 1024;         // writes, and late deliveries
constexpr std::size_t most_trimmed_at_once = 2000;  // events
constexpr int pages_between_checkpoints = 1024;     // of the WAL, beside the writer
constexpr int pages_before_the_writer_helps = 8192;
constexpr std::chrono::milliseconds disk_check_interval{200};
constexpr std::chrono::milliseconds longest_turn{10'000};
constexpr std::chrono::milliseconds pause_after_failure{1000};

struct finished_write {
  completion<written> done;
  result<written> outcome;
};

}  // namespace

sqlite_store::sqlite_store(std::filesystem::path path, store_options options)
    : path_(std::move(path)),
      options_(std::move(options)),
      fields_(fields_of(options_.services)),
      lock_(path_),
      database_(open_store_file(path_)),
      log_(database_, options_),
      queue_(options_.most_queued_bytes),
      reads_(options_, log_.head()) {
  limit_file_size(database_, options_.most_file_bytes);
  reads_.recent().append(nullptr, log_.trimmed());
  bytes_ = log_.bytes();
}

sqlite_store::~sqlite_store() {
  stop();
}

void sqlite_store::start(event_sink& sink) {
  sink_ = &sink;
  reads_.start(path_, log_.numbers());
  report("");
  writer_ = std::thread([this] { run(); });
}

void sqlite_store::stop() {
  queue_.close();
  if (writer_.joinable()) {
    writer_.join();
  }
  reads_.stop();
  report("shutting down");
}

void sqlite_store::submit(write request, completion<written> done) {
  auto prepared = prepare(request, done, fields_[request.service]);
  if (!prepared) {
    done(prepared.error());
  } else if (auto taken = queue_.push(*prepared); !taken) {
    prepared->done(taken.error());
  }
}

void sqlite_store::run() {
  while (!queue_.finished()) {
    carry_out(queue_.take(largest_batch, until_next_turn()));
  }
}

std::chrono::milliseconds sqlite_store::until_next_turn() {
  if (failed_lately_) {
    return pause_after_failure;
  }
  if (more_to_trim_) {
    return std::chrono::milliseconds(0);
  }
  const std::optional<time> due = log_.next_due();
  if (!due) {
    return longest_turn;
  }
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*due - options_.now());
  return std::clamp(wait, std::chrono::milliseconds(0), pause_after_failure);
}

void sqlite_store::carry_out(std::deque<prepared_write> batch) {
  const time now = options_.now();
  std::vector<finished_write> finished;
  std::vector<event> events;
  finished.reserve(batch.size());
  events.reserve(batch.size());
  result<void> carried_out = check_disk();
  if (carried_out) {
    log_.begin();
    log_.deliver(now, largest_batch, events);
    for (prepared_write& each : batch) {
      finished.push_back({std::move(each.done), carry_out(each, now, events)});
    }
    more_to_trim_ = log_.trim(now, most_trimmed_at_once);
    carried_out = log_.commit();
    broken_ = log_.is_broken();
  } else {
    for (prepared_write& each : batch) {
      finished.push_back({std::move(each.done), carried_out.error()});
    }
  }
  failed_lately_ = !carried_out;
  if (!carried_out) {
    report(carried_out.error().message);
    for (finished_write& each : finished) {
      each.done(carried_out.error());
    }
    return;
  }
  report("");
  const auto told =
      events.empty() ? nullptr : std::make_shared<const std::vector<event>>(std::move(events));
  reads_.recent().append(told, log_.trimmed());
  if (told) {
    sink_->on_events(told);
  }
  for (finished_write& each : finished) {
    each.done(std::move(each.outcome));
  }
  take_care_of_wal();
}

result<written> sqlite_store::carry_out(prepared_write& one, time now, std::vector<event>& events) {
  const write& request = one.request;
  if (request.once) {
    if (auto first = log_.find_answer(request.service, request.once->key, now)) {
      return replay(first->body_digest, *request.once, std::move(first->result));
    }
  }
  auto plan = plan_write(one, fields_[request.service], options_.most_changes, log_);
  if (!plan) {
    return plan.error();
  }
  written out = request.deliver_after.count() > 0
                    ? log_.delay(request.service, *std::move(plan), now + request.deliver_after)
                    : log_.apply(request.service, *std::move(plan), now, events);
  if (request.once) {
    log_.remember(request.service, *request.once, out, now);
  }
  return out;
}

result<void> sqlite_store::check_disk() {
  if (broken_) {
    return store_unavailable(
        "The store's file cannot be written any more: see the log, and restart");
  }
  const auto now = std::chrono::steady_clock::now();
  if (now - disk_checked_ >= disk_check_interval) {
    disk_checked_ = now;
    std::error_code failure;
    const std::filesystem::space_info space =
        std::filesystem::space(path_.has_parent_path() ? path_.parent_path() : ".", failure);
    disk_full_ = !failure && space.available < options_.least_free_bytes;
  }
  if (disk_full_) {
    return error{errc::insufficient_storage,
                 "The server's disk is nearly full: free some space, then repeat it",
                 {},
                 std::chrono::seconds(30)};
  }
  return {};
}

void sqlite_store::take_care_of_wal() {
  const int pages = database_.wal_pages();
  if (pages < pages_checkpointed_) {
    pages_checkpointed_ = 0;  // it began anew
  }
  if (pages >= pages_before_the_writer_helps) {
    // Most of it has been copied beside the writer; with the rest, the WAL can begin anew.
    database_.checkpoint();
    pages_checkpointed_ = pages;
  } else if (pages - pages_checkpointed_ >= pages_between_checkpoints) {
    pages_checkpointed_ = pages;
    if (!reads_.checkpoint()) {
      database_.checkpoint();
    }
  }
}

void sqlite_store::report(const std::string& reason) {
  const std::lock_guard lock(condition_mutex_);
  reason_ = reason;
  bytes_ = log_.bytes();
}

void sqlite_store::find(service_index service, records::query query, completion<page> done) {
  reads_.find(service, std::move(query), done);
}

void sqlite_store::get(service_index service, records::record_id id, records::query query,
                       completion<records::record> done) {
  reads_.get(service, std::move(id), std::move(query), done);
}

void sqlite_store::read_log(log_read request, completion<log_page> done) {
  reads_.read_log(std::move(request), done);
}

records::offset sqlite_store::head() const {
  return reads_.recent().head();
}

store_condition sqlite_store::condition() const {
  store_condition out;
  out.queued = queue_.size();
  const std::lock_guard lock(condition_mutex_);
  out.ready = reason_.empty();
  out.reason = reason_;
  out.log_bytes = bytes_;
  return out;
}

std::string_view default_store() {
  return "sqlite:flowcast.sqlite";
}

std::unique_ptr<event_store> open_sqlite_store(std::string_view path, store_options options) {
  return std::make_unique<sqlite_store>(path, std::move(options));
}

}  // namespace flowcast::stores
