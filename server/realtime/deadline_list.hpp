#pragma once

#include <chrono>
#include <cstdint>

namespace flowcast::realtime {

using clock = std::chrono::steady_clock;

class engine_session;
class deadline_list;

// A time by which something must have happened to a session. In one list at most.
class deadline {
 public:
  explicit deadline(engine_session& owner) : owner_(&owner) {}
  deadline(const deadline&) = delete;
  deadline& operator=(const deadline&) = delete;
  ~deadline() { cancel(); }

  void cancel();
  [[nodiscard]] bool armed() const { return list_ != nullptr; }

 private:
  friend class deadline_list;
  engine_session* owner_;
  deadline_list* list_ = nullptr;
  deadline* previous_ = nullptr;
  deadline* next_ = nullptr;
  clock::time_point due_;
};

// All deadlines of one duration: a timing wheel's slot each for what is armed at once. Because they
// all wait equally long, the first armed is the first due: arming, cancelling and finding the next
// are O(1) and exact, with no timer and no search for any number of sessions.
class deadline_list {
 public:
  explicit deadline_list(clock::duration patience);
  deadline_list(const deadline_list&) = delete;
  deadline_list& operator=(const deadline_list&) = delete;
  ~deadline_list();

  // (Re)starts `which` from `now`.
  void arm(deadline& which, clock::time_point now);

  // Takes out the next that is due; nullptr: none. So that thousands do not wake the shard
  // thousands of times, those that are due within a small part of the duration come along.
  engine_session* take_due(clock::time_point now);

  [[nodiscard]] bool empty() const { return first_ == nullptr; }
  [[nodiscard]] clock::time_point next_due() const { return first_->due_; }  // not if empty

 private:
  friend class deadline;
  void unlink(deadline& which);

  clock::duration patience_;
  clock::duration slack_;
  deadline* first_ = nullptr;
  deadline* last_ = nullptr;
};

}  // namespace flowcast::realtime
