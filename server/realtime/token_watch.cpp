#include "realtime/token_watch.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace flowcast::realtime {

using namespace std::chrono_literals;
using auth::wall_clock;

namespace {

// Before a token expires; sooner of one that is short-lived, by a quarter of what it has left.
constexpr auto warn_before = 60s;
constexpr auto part_left = 4;
// The wall's clock may be set while the timer waits.
constexpr wall_clock::duration longest_wait = 30s;

}  // namespace

token_watch::login::login(token_watch& watch, auth::identity_ptr who) : watch_(&watch) {
  become(std::move(who));
}

token_watch::login::~login() {
  leave();
}

void token_watch::login::become(auth::identity_ptr who) {
  leave();
  who_ = std::move(who);
  warned_ = false;
  wall_clock::time_point next = wall_clock::time_point::max();  // a key; it may still be revoked
  if (who_->expires) {
    const wall_clock::duration left = *who_->expires - watch_->by_->now();
    next = *who_->expires - std::min<wall_clock::duration>(warn_before, left / part_left);
  }
  watch_->place(*this, next);
}

void token_watch::login::leave() {
  if (place_) {
    watch_->logins_.erase(*place_);
    place_.reset();
  }
}

token_watch::token_watch(hub::shard& shard, const auth::authenticator& by)
    : by_(&by), timer_(shard.context()) {}

void token_watch::place(login& who, wall_clock::time_point when) {
  who.place_ = logins_.emplace(when, &who);
  if (who.place_ == logins_.begin()) {
    set_timer();
  }
}

void token_watch::set_timer() {
  if (logins_.empty() || logins_.begin()->first == wall_clock::time_point::max()) {
    return;
  }
  const wall_clock::duration wait = logins_.begin()->first - by_->now();
  timer_.expires_after(std::clamp<wall_clock::duration>(wait, 0s, longest_wait));
  timer_.async_wait([this](const boost::system::error_code& failed) {
    if (!failed) {
      on_timer();
    }
  });
}

void token_watch::on_timer() {
  const wall_clock::time_point now = by_->now();
  while (!logins_.empty() && logins_.begin()->first <= now) {
    login& due = *logins_.begin()->second;
    due.leave();
    if (!by_->again(due.who_)) {
      due.on_token_invalid();
      continue;
    }
    // Between the warning and the end there is the leeway to wait for, too.
    place(due, due.warned_ ? now + 1s : *due.who_->expires);
    if (!std::exchange(due.warned_, true)) {
      due.on_token_expiring();
    }
  }
  set_timer();
}

void token_watch::check() {
  std::vector<login*> all;
  all.reserve(logins_.size());
  for (const auto& [when, each] : logins_) {
    all.push_back(each);
  }
  for (login* const each : all) {
    auto now = by_->again(each->who_);
    if (!now) {
      each->leave();
      each->on_token_invalid();
    } else if ((*now)->may != each->who_->may) {
      each->on_rights_changed(*std::move(now));
    }
  }
}

}  // namespace flowcast::realtime
