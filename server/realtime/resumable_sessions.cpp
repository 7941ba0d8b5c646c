#include "realtime/resumable_sessions.hpp"

#include <cassert>
#include <utility>

namespace flowcast::realtime {

namespace {

constexpr std::size_t entry_overhead = 256;  // about
constexpr std::size_t key_overhead = 96;

std::size_t size_of(const resumable_sessions::subscription& what) {
  return what.key.size() + key_overhead;
}

}  // namespace

resumable_sessions::entry* resumable_sessions::find(std::string_view pid) {
  const auto at = by_pid_.find(pid);
  return at == by_pid_.end() ? nullptr : &*at->second;
}

resumable_sessions::entry& resumable_sessions::arrive(std::string_view pid) {
  auto at = by_pid_.find(pid);
  if (at == by_pid_.end()) {
    connected_.push_front({std::string(pid), {}, entry_overhead, 0, {}});
    at = by_pid_.emplace(connected_.front().pid, connected_.begin()).first;
  } else if (at->second->connections == 0) {
    bytes_away_ -= at->second->bytes;
    connected_.splice(connected_.begin(), away_, at->second);
  }
  entry& known = *at->second;
  ++known.connections;
  return known;
}

void resumable_sessions::forget_old(clock::time_point now) {
  while (!away_.empty() && (away_.size() > limits_.sessions || bytes_away_ > limits_.bytes ||
                            away_.back().left_at + limits_.age < now)) {
    bytes_away_ -= away_.back().bytes;
    by_pid_.erase(away_.back().pid);
    away_.pop_back();
  }
}

void resumable_sessions::arrived(std::string_view pid) {
  const std::lock_guard lock(mutex_);
  arrive(pid);
}

void resumable_sessions::came_back(std::string_view pid, place where) {
  const std::lock_guard lock(mutex_);
  arrive(pid).known.last = where;
}

void resumable_sessions::left(std::string_view pid) {
  const std::lock_guard lock(mutex_);
  const auto at = by_pid_.find(pid);
  assert(at != by_pid_.end() && at->second->connections > 0);
  entry& known = *at->second;
  if (--known.connections > 0) {
    return;
  }
  known.left_at = clock::now();
  bytes_away_ += known.bytes;
  away_.splice(away_.begin(), connected_, at->second);
  forget_old(known.left_at);
}

void resumable_sessions::subscribed(std::string_view pid, subscription what) {
  const std::lock_guard lock(mutex_);
  entry* const known = find(pid);
  assert(known != nullptr && known->connections > 0);
  std::set<subscription>& all = known->known.subscriptions;
  if (what.key == whole) {
    // It comes before all keys.
    for (auto at = all.upper_bound(what); at != all.end() && at->service == what.service;) {
      known->bytes -= size_of(*at);
      at = all.erase(at);
    }
  } else if (all.erase({what.service, std::string(whole)}) > 0) {
    known->bytes -= key_overhead;
  }
  const std::size_t size = size_of(what);
  if (all.insert(std::move(what)).second) {
    known->bytes += size;
  }
}

void resumable_sessions::unsubscribed(std::string_view pid, const subscription& what) {
  const std::lock_guard lock(mutex_);
  entry* const known = find(pid);
  if (known != nullptr && known->known.subscriptions.erase(what) > 0) {
    known->bytes -= size_of(what);
  }
}

resumable_sessions::memory resumable_sessions::recall(std::string_view pid) {
  const std::lock_guard lock(mutex_);
  const entry* const known = find(pid);
  return known == nullptr ? memory() : known->known;
}

}  // namespace flowcast::realtime
