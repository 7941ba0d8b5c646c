#include "realtime/resumable_sessions.hpp"

#include <utility>

namespace flowcast::realtime {

resumable_sessions::entry* resumable_sessions::find(std::string_view pid) {
  const auto at = by_pid_.find(pid);
  return at == by_pid_.end() ? nullptr : &*at->second;
}

resumable_sessions::entry& resumable_sessions::touch(std::string_view pid) {
  const clock::time_point now = clock::now();
  if (const auto at = by_pid_.find(pid); at != by_pid_.end()) {
    recent_first_.splice(recent_first_.begin(), recent_first_, at->second);
  } else {
    recent_first_.push_front({std::string(pid), {}, now});
    by_pid_.emplace(recent_first_.front().pid, recent_first_.begin());
  }
  recent_first_.front().touched = now;
  forget_old(now);
  return recent_first_.front();
}

void resumable_sessions::forget_old(clock::time_point now) {
  while (recent_first_.size() > limits_.sessions ||
         recent_first_.back().touched + limits_.age < now) {
    by_pid_.erase(recent_first_.back().pid);
    recent_first_.pop_back();
  }
}

void resumable_sessions::subscribed(std::string_view pid, subscription what) {
  const std::lock_guard lock(mutex_);
  touch(pid).known.subscriptions.push_back(std::move(what));
}

void resumable_sessions::unsubscribed(std::string_view pid, const subscription& what) {
  const std::lock_guard lock(mutex_);
  if (entry* const known = find(pid))
    std::erase(known->known.subscriptions, what);
}

void resumable_sessions::came_back(std::string_view pid, place where) {
  const std::lock_guard lock(mutex_);
  touch(pid).known.last = where;
}

resumable_sessions::memory resumable_sessions::recall(std::string_view pid) {
  const std::lock_guard lock(mutex_);
  const entry* const known = find(pid);
  return known == nullptr ? memory() : known->known;
}

}  // namespace flowcast::realtime
