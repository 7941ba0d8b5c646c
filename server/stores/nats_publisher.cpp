#include "stores/nats_publisher.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "protocol/decimal.hpp"
#include "stores/fresh_epoch.hpp"
#include "stores/stored_time.hpp"

namespace flowcast::stores {

namespace {

using records::errc;
using records::error;
using namespace std::chrono_literals;

constexpr std::size_t largest_batch = 512;    // writes planned in a row
constexpr std::size_t most_in_flight = 4096;  // writes
constexpr auto patience_when_stopping = 5s;
constexpr auto pause_before_repeat = 200ms;
constexpr auto patience_with_answer = 2s;  // to a publish, which is then repeated
constexpr std::chrono::milliseconds shortest_turn = 20ms;
constexpr std::chrono::milliseconds longest_turn = 200ms;

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

nats_publisher::nats_publisher(const store_options& options, nats_link& link, view_source& source,
                               const recent_log& told, std::uint64_t epoch)
    : options_(options),
      node_(hexadecimal(fresh_epoch())),
      epoch_(epoch),
      fields_(fields_of(options_.services)),
      link_(link),
      source_(source),
      told_(told),
      queue_(options_.most_queued_bytes) {}

void nats_publisher::submit(write request, completion<written> done) {
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

void nats_publisher::start() {
  thread_ = std::thread([this] { run(); });
}

void nats_publisher::stop() {
  queue_.close();
  if (thread_.joinable()) {
    thread_.join();
  }
}

std::size_t nats_publisher::waiting() const {
  const std::lock_guard lock(pending_mutex_);
  return queue_.size() + pending_.size();
}

void nats_publisher::run() {
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

void nats_publisher::publish(prepared_write write) {
  if (write.request.once) {
    if (auto first = source_.first_answer(write, epoch_)) {
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
  auto changes = source_.plan(write, nothing.records);
  if (!changes || changes->empty()) {
    nothing.last = told_.head();
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
  log_message message = message_of(write.request);
  message.changes = *std::move(changes);
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

log_message nats_publisher::message_of(const write& request) const {
  log_message message;
  const auto now = options_.now();
  message.service = options_.services[request.service].name;
  message.at = milliseconds_of(now);
  message.once = request.once;
  message.due =
      request.deliver_after.count() > 0 ? milliseconds_of(now + request.deliver_after) : 0;
  return message;
}

void nats_publisher::send(std::uint64_t number, const std::string& payload,
                          const std::string& message_id) {
  if (link_.publish(payload, message_id)) {
    return;
  }
  const std::lock_guard lock(pending_mutex_);
  if (const auto found = pending_.find(number); found != pending_.end()) {
    found->second.repeat_at = std::chrono::steady_clock::now() + pause_before_repeat;
  }
}

void nats_publisher::repeat_and_give_up(bool stopping) {
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

std::optional<std::uint64_t> nats_publisher::own_number(std::string_view writer) const {
  const std::size_t dot = writer.find('.');
  if (writer.substr(0, dot) != node_ || dot == std::string_view::npos) {
    return std::nullopt;
  }
  return protocol::whole_number<std::uint64_t>(writer.substr(dot + 1));
}

void nats_publisher::on_answer(const publish_answer& answer) {
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

void nats_publisher::complete(std::vector<applied_message> applied, std::uint64_t through) {
  struct finished_write {
    completion<written> done;
    written outcome;
  };
  std::vector<finished_write> finished;
  {
    const std::lock_guard lock(pending_mutex_);
    last_resolved_ = through;
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

}  // namespace flowcast::stores
