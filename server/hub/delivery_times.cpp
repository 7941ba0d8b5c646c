#include "hub/delivery_times.hpp"

namespace flowcast::hub {

namespace {

// Done ones are kept until there are so many, as moving the others up for each would cost too much.
constexpr std::size_t most_done = 1024;
// Places that are kept for the next burst.
constexpr std::size_t most_kept = 4096;

}  // namespace

void delivery_times::begin(const records::event& event, const progress& end) {
  // Another node's publish, or one that is older than this process, begins when it comes here.
  const bool known = event.received != clock::time_point();
  waiting_.push_back({event.offset, known ? event.received : clock::now(), end});
}

bool delivery_times::is_done(const delivery& one, const progress& to) {
  bool done = to.places >= one.end.places;
  for (std::size_t i = 0; i < framings; ++i)
    done = done && to.rings[i] >= one.end.rings[i];
  return done;
}

void delivery_times::served(const progress& to, delivery_watch* watch) {
  if (!waits() || !is_done(waiting_[first_], to))
    return;
  const clock::time_point now = clock::now();
  while (waits() && is_done(waiting_[first_], to)) {
    const delivery& one = waiting_[first_++];
    taken_.record(now - one.received);
    if (watch != nullptr)
      watch->on_delivered(one.offset, now - one.received);
  }
  if (!waits()) {
    waiting_.clear();
    first_ = 0;
    if (waiting_.capacity() > most_kept)
      waiting_ = {};
  } else if (first_ >= most_done) {
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

}  // namespace flowcast::hub
