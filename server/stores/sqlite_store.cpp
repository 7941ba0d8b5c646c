#include "stores/sqlite_store.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "stores/idempotency_window.hpp"
#include "stores/log_page_builder.hpp"
#include "stores/sqlite_file.hpp"

namespace flowcast::stores {

namespace {

using records::errc;
using records::error;
using records::event;
using records::record;

constexpr std::size_t largest_batch = 1024;         // writes, and late deliveries
constexpr std::size_t most_trimmed_at_once = 2000;  // events
constexpr int pages_between_checkpoints = 1024;     // of the WAL, beside the writer
constexpr int pages_before_the_writer_helps = 8192;
constexpr std::chrono::milliseconds disk_check_interval{200};
constexpr std::chrono::milliseconds longest_turn{10'000};
constexpr std::chrono::milliseconds pause_after_failure{1000};

error unavailable(std::string why) {
  return {errc::unavailable, std::move(why), {}, std::chrono::seconds(1)};
}

std::vector<std::int64_t> numbers_of(const sqlite_log& log, std::size_t services) {
  std::vector<std::int64_t> numbers;
  for (std::size_t i = 0; i < services; ++i) {
    numbers.push_back(log.number_of(static_cast<service_index>(i)));
  }
  return numbers;
}

std::vector<std::uint64_t> trimmed_of(const sqlite_log& log, std::size_t services) {
  std::vector<std::uint64_t> trimmed;
  for (std::size_t i = 0; i < services; ++i) {
    trimmed.push_back(log.trimmed(static_cast<service_index>(i)));
  }
  return trimmed;
}

struct finished_write {
  completion<written> done;
  result<written> outcome;
};

}  // namespace

sqlite_store::sqlite_store(std::filesystem::path path, store_options options)
    : path_(std::move(path)),
      options_(std::move(options)),
      lock_(path_),
      database_(open_store_file(path_)),
      log_(database_, options_),
      queue_(options_.most_queued_bytes),
      recent_(log_.head(), options_.services.size(), options_.recent_log_bytes) {
  for (const service_definition& each : options_.services) {
    fields_.push_back({each.id_field, each.key_field});
  }
  limit_file_size(database_, options_.most_file_bytes);
  recent_.append(nullptr, trimmed_of(log_, fields_.size()));
  bytes_ = log_.bytes();
}

sqlite_store::~sqlite_store() {
  stop();
}

void sqlite_store::start(event_sink& sink) {
  sink_ = &sink;
  const std::vector<std::int64_t> numbers = numbers_of(log_, fields_.size());
  lookups_ = std::make_unique<reader_thread>(path_, numbers, options_);
  searches_ = std::make_unique<reader_thread>(path_, numbers, options_);
  report("");
  writer_ = std::thread([this] { run(); });
}

void sqlite_store::stop() {
  queue_.close();
  if (writer_.joinable()) {
    writer_.join();
  }
  if (lookups_) {
    lookups_->stop();
    searches_->stop();
  }
  report("shutting down");
}

void sqlite_store::submit(write request, completion<written> done) {
  auto documents = read_documents(request, fields_[request.service]);
  if (!documents) {
    done(documents.error());
    return;
  }
  prepared_write prepared{std::move(request), *std::move(documents), std::move(done), 0};
  for (const records::document& each : prepared.documents) {
    prepared.bytes += each.json.size();
  }
  queue_.push(std::move(prepared));
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

void sqlite_store::carry_out(std::vector<prepared_write> batch) {
  const time now = options_.now();
  std::vector<finished_write> finished;
  std::vector<event> events;
  finished.reserve(batch.size());
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
  recent_.append(told, trimmed_of(log_, fields_.size()));
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
    return unavailable("The store's file cannot be written any more: see the log, and restart");
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
    if (!searches_->post([](sqlite_reader& reader) { reader.checkpoint(); })) {
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
  const bool posted =
      searches_->post([service, query = std::move(query), done](sqlite_reader& reader) {
        done(reader.find(service, query));
      });
  if (!posted) {
    done(unavailable("Too many searches are waiting"));
  }
}

void sqlite_store::get(service_index service, records::record_id id, records::query query,
                       completion<record> done) {
  const bool posted =
      lookups_->post([service, id = std::move(id), query = std::move(query),
                      done](sqlite_reader& reader) { done(reader.get(service, id, query)); });
  if (!posted) {
    done(unavailable("Too many reads are waiting"));
  }
}

void sqlite_store::read_log(log_read request, completion<log_page> done) {
  if (auto refused = check_log_read(request, head(), fields_.size()); !refused) {
    done(refused.error());
    return;
  }
  if (auto recent = recent_.read(request)) {
    done(*std::move(recent));
    return;
  }
  const bool walks = std::any_of(request.filters.begin(), request.filters.end(),
                                 [](const log_filter& filter) { return filter.whole; });
  reader_thread& reader = walks ? *searches_ : *lookups_;
  const bool posted = reader.post(
      [request = std::move(request), done](sqlite_reader& from) { done(from.read_log(request)); });
  if (!posted) {
    done(unavailable("Too many reads are waiting"));
  }
}

records::offset sqlite_store::head() const {
  return recent_.head();
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

}  // namespace flowcast::stores
