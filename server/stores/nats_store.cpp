#include "stores/nats_store.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "stores/store_factory.hpp"

namespace flowcast::stores {

namespace {

using records::event;
using namespace std::chrono_literals;

using time = std::chrono::system_clock::time_point;

constexpr std::size_t largest_batch = 512;   // messages applied in one transaction
constexpr auto pause_after_failure = 200ms;  // of writing the view
constexpr std::chrono::milliseconds shortest_turn = 20ms;
constexpr std::chrono::milliseconds longest_turn = 200ms;
constexpr auto silence = 500ms;  // after which the stream is asked whether it has more
constexpr auto longest_dedupe = 120s;
constexpr int pages_between_checkpoints = 4096;

stream_state state_of(const nats_link& link) {
  const std::optional<stream_state> now = link.state();
  if (!now) {
    throw std::runtime_error("The NATS stream does not answer: see that the cluster has a leader");
  }
  return *now;
}

}  // namespace

nats_store::nats_store(const nats_address& address, store_options options)
    : options_(std::move(options)),
      link_(address, std::min<std::chrono::seconds>(options_.idempotency_window, longest_dedupe),
            [this](const publish_answer& answer) { publisher_->on_answer(answer); }),
      opened_(state_of(link_)),
      view_(address.view, options_, opened_.epoch, opened_.first, opened_.last),
      early_(options_.most_queued_reads,
             [this](log_read request, const completion<log_page>& done) {
               reads_->read_log(std::move(request), done);
             }) {
  steady_time progress = std::chrono::steady_clock::now();
  while (view_.applied() < opened_.last) {
    if (follow_once(100ms)) {
      progress = std::chrono::steady_clock::now();
    } else if (std::chrono::steady_clock::now() - progress > options_.patience_with_cluster) {
      throw std::runtime_error("The NATS stream " + address.stream + " cannot be read to its end");
    }
  }
  reads_ = std::make_unique<sqlite_reads>(options_, view_.log().head());
  reads_->recent().append(nullptr, view_.log().trimmed());
  reads_->start(address.view, view_.log().numbers());
  source_ = std::make_unique<view_source>(address.view, view_.log().numbers(), options_);
  publisher_ =
      std::make_unique<nats_publisher>(options_, link_, *source_, reads_->recent(), opened_.epoch);
}

nats_store::~nats_store() {
  stop();
}

void nats_store::start(event_sink& sink) {
  sink_ = &sink;
  publishing_ = true;
  report("");
  follower_ = std::thread([this] { follow(); });
  publisher_->start();
}

void nats_store::stop() {
  publisher_->stop();
  stopping_ = true;
  if (follower_.joinable()) {
    follower_.join();
  }
  answer_early_reads(true);
  reads_->stop();
  report("shutting down");
}

// --- following

void nats_store::follow() {
  while (!stopping_) {
    follow_once(until_next_turn());
    upkeep_.look(view_.log());
    answer_early_reads(false);
  }
}

std::chrono::milliseconds nats_store::until_next_turn() {
  const auto due = view_.log().next_due();
  if (!due) {
    return longest_turn;
  }
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*due - options_.now());
  return std::clamp<std::chrono::milliseconds>(wait, shortest_turn, longest_turn);
}

bool nats_store::follow_once(std::chrono::milliseconds wait) {
  if (!reader_) {
    reader_ = link_.read_from(view_.applied() + 1);
    if (!reader_) {
      report("the NATS cluster does not answer");
      std::this_thread::sleep_for(wait);
      return false;
    }
    heard_ = std::chrono::steady_clock::now();
  }
  std::vector<stream_message> batch;
  std::uint64_t expected = view_.applied() + 1;
  while (batch.size() < largest_batch) {
    stream_message next;
    const auto state = reader_->next(next, batch.empty() ? wait : 0ms);
    if (state == stream_reader::state::broken) {
      reader_.reset();
      break;
    }
    if (state == stream_reader::state::nothing_yet) {
      break;
    }
    if (next.sequence < expected) {
      continue;
    }
    if (next.sequence > expected && reread_from_ != expected) {
      // Either they are not in the stream any more, or the way here lost them: reading again from
      // there tells.
      reread_from_ = expected;
      reader_.reset();
      break;
    }
    expected = next.sequence + 1;
    batch.push_back(std::move(next));
  }
  if (batch.empty()) {
    look_after_stream();
    return false;
  }
  heard_ = std::chrono::steady_clock::now();
  apply(batch);
  return true;
}

void nats_store::apply(const std::vector<stream_message>& batch) {
  std::vector<event> events;
  std::vector<applied_message> applied;
  applied.reserve(batch.size());
  view_.begin();
  for (const stream_message& each : batch) {
    applied.push_back(view_.apply(each.sequence, each.payload, events));
  }
  if (auto committed = view_.commit(); !committed) {
    // The stream keeps what the view could not: it is read again.
    report("the view cannot be written: " + committed.error().message);
    reader_.reset();
    std::this_thread::sleep_for(pause_after_failure);
    return;
  }
  report("");
  if (!publishing_) {
    return;  // catching up before the start
  }
  const auto told =
      events.empty() ? nullptr : std::make_shared<const std::vector<event>>(std::move(events));
  reads_->recent().append(told, view_.log().trimmed());
  if (told) {
    sink_->on_events(told);
  }
  publisher_->complete(std::move(applied), view_.applied());
  if (view_.wal_pages() > pages_between_checkpoints) {
    view_.checkpoint();
  }
}

void nats_store::look_after_stream() {
  const steady_time now = std::chrono::steady_clock::now();
  if (now - heard_ < silence || now - stream_looked_after_ < silence) {
    return;
  }
  stream_looked_after_ = now;
  const std::optional<stream_state> state = link_.state();
  if (!state) {
    report(link_.connected() ? "the NATS stream has no leader"
                             : "the NATS cluster is out of reach");
    return;
  }
  if (state->epoch != opened_.epoch) {
    report("the NATS stream was made anew: restart this node");
    return;
  }
  if (state->last > view_.applied()) {
    reader_.reset();  // there is more, and it did not come
    return;
  }
  heard_ = now;
  report("");
}

void nats_store::submit(write request, completion<written> done) {
  publisher_->submit(std::move(request), std::move(done));
}

// --- reading

void nats_store::find(service_index service, records::query query, completion<page> done) {
  reads_->find(service, std::move(query), done);
}

void nats_store::get(service_index service, records::record_id id, records::query query,
                     completion<records::record> done) {
  reads_->get(service, std::move(id), std::move(query), done);
}

void nats_store::read_log(log_read request, completion<log_page> done) {
  const records::offset now = head();
  const bool early = request.after.epoch == now.epoch && request.after.position > now.position;
  if (early && !stopping_ && early_.add(request, done)) {
    return;
  }
  reads_->read_log(std::move(request), done);
}

void nats_store::answer_early_reads(bool stopping) {
  const std::optional<stream_state> state =
      !stopping && early_.any_unknown() ? link_.state() : std::nullopt;
  early_.answer(head().position, state ? state->last : 0, stopping);
}

records::offset nats_store::head() const {
  return reads_->recent().head();
}

store_condition nats_store::condition() const {
  store_condition out;
  out.queued = publisher_->waiting();
  const std::lock_guard lock(condition_mutex_);
  out.ready = reason_.empty();
  out.reason = reason_;
  out.log_bytes = bytes_;
  return out;
}

void nats_store::report(std::string reason) {
  const std::lock_guard lock(condition_mutex_);
  reason_ = std::move(reason);
  bytes_ = view_.log().bytes();
}

std::unique_ptr<event_store> open_nats_store(std::string_view url, store_options options) {
  return std::make_unique<nats_store>(nats_address::parse(url), std::move(options));
}

}  // namespace flowcast::stores
