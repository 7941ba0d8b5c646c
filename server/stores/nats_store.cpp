#include "stores/nats_store.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "protocol/decimal.hpp"
#include "stores/fresh_epoch.hpp"
#include "stores/log_page_builder.hpp"
#include "stores/store_factory.hpp"
#include "stores/stored_time.hpp"

namespace flowcast::stores {

namespace {

using records::errc;
using records::error;
using records::event;
using namespace std::chrono_literals;

using time = std::chrono::system_clock::time_point;

constexpr std::size_t largest_batch = 512;    // messages applied in one transaction
constexpr std::size_t most_in_flight = 4096;  // writes
constexpr auto patience_when_stopping = 5s;
constexpr auto pause_before_repeat = 200ms;
constexpr auto patience_with_answer = 2s;  // to a publish, which is then repeated
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

std::string hexadecimal(std::uint64_t number) {
  std::array<char, 16> text = {};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number, 16).ptr;
  return {text.data(), end};
}

error unavailable(std::string why) {
  return {errc::unavailable, std::move(why), {}, 5s};
}

error not_taken_now() {
  return unavailable("The NATS cluster does not take it now: repeat it");
}

}  // namespace

nats_store::nats_store(const nats_address& address, store_options options)
    : options_(std::move(options)),
      node_(hexadecimal(fresh_epoch())),
      fields_(fields_of(options_.services)),
      link_(address, std::min<std::chrono::seconds>(options_.idempotency_window, longest_dedupe),
            [this](const publish_answer& answer) { on_answer(answer); }),
      opened_(state_of(link_)),
      view_(address.view, options_, opened_.epoch, opened_.first, opened_.last),
      queue_(options_.most_queued_bytes),
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
}

nats_store::~nats_store() {
  stop();
}

void nats_store::start(event_sink& sink) {
  sink_ = &sink;
  publishing_ = true;
  report("");
  follower_ = std::thread([this] { follow(); });
  publisher_ = std::thread([this] { publish_all(); });
}

void nats_store::stop() {
  queue_.close();
  if (publisher_.joinable()) {
    publisher_.join();
  }
  stopping_ = true;
  if (follower_.joinable()) {
    follower_.join();
  }
  answer_early_reads(true);
  reads_->stop();
  report("shutting down");
}

// --- publishing

void nats_store::submit(write request, completion<written> done) {
  auto prepared = prepare(request, done, fields_[request.service]);
  if (!prepared) {
    done(prepared.error());
    return;
  }
  prepared->give_up = std::chrono::steady_clock::now() + options_.patience_with_cluster;
  if (auto taken = queue_.push(*prepared); !taken) {
    prepared->done(taken.error());
  }
}

void nats_store::publish_all() {
  bool waiting = true;
  while (!queue_.finished() || waiting) {
    std::size_t room = 0;
    {
      const std::lock_guard lock(pending_mutex_);
      room = most_in_flight - std::min(most_in_flight, pending_.size());
    }
    const auto wait = waiting ? shortest_turn : longest_turn;
    for (prepared_write& each : queue_.take(std::min(room, largest_batch), wait)) {
      publish(std::move(each));
    }
    if (room == 0) {
      std::this_thread::yield();
    }
    repeat_and_give_up(queue_.closed());
    const std::lock_guard lock(pending_mutex_);
    waiting = !pending_.empty();
  }
}

void nats_store::publish(prepared_write write) {
  if (write.request.once) {
    if (auto first = source_->first_answer(write, opened_.epoch)) {
      write.done(*std::move(first));
      return;
    }
  }
  if (std::chrono::steady_clock::now() > write.give_up) {
    write.done(write.lost_to_another
                   ? error{errc::conflict,
                           "The record is changed by others all the time: repeat it",
                           {},
                           1s}
                   : not_taken_now());
    return;
  }
  written nothing;
  auto changes = source_->plan(write, nothing.records);
  if (!changes || changes->empty()) {
    nothing.last = head();
    write.done(changes ? result<written>(std::move(nothing)) : changes.error());
    return;
  }
  if (changes->size() > most_changes_in_a_message) {
    write.done(error{errc::bad_request,
                     "At most " + std::to_string(most_changes_in_a_message) +
                         " records can be changed at once: send fewer at a time",
                     {},
                     {}});
    return;
  }
  log_message message;
  const time now = options_.now();
  message.service = options_.services[write.request.service].name;
  message.at = milliseconds_of(now);
  message.once = write.request.once;
  message.changes = *std::move(changes);
  message.due = write.request.deliver_after.count() > 0
                    ? milliseconds_of(now + write.request.deliver_after)
                    : 0;
  in_flight flight;
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(pending_mutex_);
    number = ++last_number_;
  }
  message.writer = node_ + '.' + std::to_string(number);
  flight.payload = to_json(message);
  flight.message_id = write.request.once ? "key " + message.service + " " + write.request.once->key
                                         : message.writer;
  if (flight.payload.size() + 1024 > link_.largest_payload()) {
    write.done(error{errc::payload_too_large,
                     "NATS takes no message of this size: raise its max_payload, or send less",
                     {},
                     {}});
    return;
  }
  flight.give_up = write.give_up;
  flight.repeat_at = std::chrono::steady_clock::now() + patience_with_answer;
  flight.failure = not_taken_now();
  flight.write = std::move(write);
  const std::string payload = flight.payload;
  const std::string message_id = flight.message_id;
  {
    const std::lock_guard lock(pending_mutex_);
    pending_.emplace(number, std::move(flight));
  }
  send(number, payload, message_id);
}

void nats_store::send(std::uint64_t number, const std::string& payload,
                      const std::string& message_id) {
  if (link_.publish(payload, message_id)) {
    return;
  }
  const std::lock_guard lock(pending_mutex_);
  if (const auto found = pending_.find(number); found != pending_.end()) {
    found->second.repeat_at = std::chrono::steady_clock::now() + pause_before_repeat;
  }
}

void nats_store::repeat_and_give_up(bool stopping) {
  struct repetition {
    std::uint64_t number = 0;
    std::string payload;
    std::string message_id;
  };
  const steady_time now = std::chrono::steady_clock::now();
  std::vector<repetition> repeated;
  std::vector<in_flight> given_up;
  std::vector<prepared_write> resolved;
  {
    const std::lock_guard lock(pending_mutex_);
    for (auto at = pending_.begin(); at != pending_.end();) {
      in_flight& each = at->second;
      const steady_time limit =
          stopping ? std::min(each.give_up, now + patience_when_stopping) : each.give_up;
      each.give_up = limit;
      if (now >= limit) {
        given_up.push_back(std::move(each));
        at = pending_.erase(at);
      } else if (each.told_by != 0 && each.told_by <= last_resolved_) {
        resolved.push_back(std::move(each.write));
        at = pending_.erase(at);
      } else {
        if (now >= each.repeat_at) {
          each.repeat_at = now + patience_with_answer;
          repeated.push_back({at->first, each.payload, each.message_id});
        }
        ++at;
      }
    }
  }
  for (in_flight& each : given_up) {
    each.write.done(each.failure);
  }
  for (const repetition& each : repeated) {
    send(each.number, each.payload, each.message_id);
  }
  // The first write with their key is in the view now.
  for (prepared_write& each : resolved) {
    publish(std::move(each));
  }
}

std::optional<std::uint64_t> nats_store::own_number(std::string_view writer) const {
  const std::size_t dot = writer.find('.');
  if (writer.substr(0, dot) != node_ || dot == std::string_view::npos) {
    return std::nullopt;
  }
  return protocol::whole_number<std::uint64_t>(writer.substr(dot + 1));
}

void nats_store::on_answer(const publish_answer& answer) {
  const auto number = own_number(answer.writer);
  if (!number) {
    return;
  }
  const std::lock_guard lock(pending_mutex_);
  const auto found = pending_.find(*number);
  if (found == pending_.end()) {
    return;
  }
  in_flight& flight = found->second;
  switch (answer.what) {
    case publish_answer::outcome::stored:
      flight.repeat_at = steady_time::max();  // it is completed when the view has it
      break;
    case publish_answer::outcome::repeated:
      flight.repeat_at = steady_time::max();
      if (flight.write.request.once) {
        flight.told_by = answer.sequence;
      }
      break;
    case publish_answer::outcome::retry:
      flight.repeat_at = std::chrono::steady_clock::now() + pause_before_repeat;
      break;
    case publish_answer::outcome::too_large:
      flight.failure = error{errc::payload_too_large, "NATS takes no message of this size", {}, {}};
      flight.give_up = {};
      break;
    case publish_answer::outcome::no_room:
      flight.failure = error{errc::insufficient_storage,
                             "NATS has no room to store this (" + answer.text + ")",
                             {},
                             30s};
      flight.give_up = {};
      break;
  }
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
    std::this_thread::sleep_for(pause_before_repeat);
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
  complete(std::move(applied));
  if (view_.wal_pages() > pages_between_checkpoints) {
    view_.checkpoint();
  }
}

void nats_store::complete(std::vector<applied_message> applied) {
  struct finished_write {
    completion<written> done;
    written outcome;
  };
  std::vector<finished_write> finished;
  {
    const std::lock_guard lock(pending_mutex_);
    last_resolved_ = view_.applied();
    for (applied_message& each : applied) {
      const auto number = own_number(each.writer);
      const auto found = number ? pending_.find(*number) : pending_.end();
      if (found == pending_.end()) {
        continue;
      }
      if (each.what == applied_message::outcome::done) {
        finished.push_back({std::move(found->second.write.done), std::move(each.result)});
      } else {
        found->second.write.lost_to_another = true;
        // While the lock is held: the publisher ends when it finds nothing here and nothing there.
        queue_.put_back(std::move(found->second.write));
      }
      pending_.erase(found);
    }
  }
  for (finished_write& each : finished) {
    each.done(std::move(each.outcome));
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
  out.queued = queue_.size();
  {
    const std::lock_guard lock(pending_mutex_);
    out.queued += pending_.size();
  }
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
