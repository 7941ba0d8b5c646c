#include "realtime/deadline_list.hpp"

#include <algorithm>

namespace flowcast::realtime {

using namespace std::chrono_literals;

void deadline::cancel() {
  if (list_ != nullptr)
    list_->unlink(*this);
}

deadline_list::deadline_list(clock::duration patience)
    : patience_(patience), slack_(std::min<clock::duration>(patience / 256, 50ms)) {}

deadline_list::~deadline_list() {
  while (first_ != nullptr)
    unlink(*first_);
}

void deadline_list::arm(deadline& which, clock::time_point now) {
  which.cancel();
  which.list_ = this;
  which.due_ = now + patience_;
  which.previous_ = last_;
  which.next_ = nullptr;
  (last_ != nullptr ? last_->next_ : first_) = &which;
  last_ = &which;
}

engine_session* deadline_list::take_due(clock::time_point now) {
  if (first_ == nullptr || first_->due_ > now + slack_)
    return nullptr;
  engine_session* const owner = first_->owner_;
  unlink(*first_);
  return owner;
}

void deadline_list::unlink(deadline& which) {
  (which.previous_ != nullptr ? which.previous_->next_ : first_) = which.next_;
  (which.next_ != nullptr ? which.next_->previous_ : last_) = which.previous_;
  which.list_ = nullptr;
}

}  // namespace flowcast::realtime
