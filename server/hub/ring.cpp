#include "hub/ring.hpp"

#include <algorithm>
#include <cassert>

#include "hub/event_frame.hpp"

namespace flowcast::hub {

namespace {

// How much of a frame is left where `taken` bytes of `frames` end; the first `cut` bytes of those
// are a frame's rest.
std::uint32_t rest_of_frame(std::string_view frames, std::uint32_t cut, std::size_t taken) {
  std::size_t end = cut;
  frames.remove_prefix(cut);
  for (frame_reader reader(frames); end < taken;)
    end = cut + reader.skip();
  return static_cast<std::uint32_t>(end - taken);
}

}  // namespace

void ring::join(listener& who) {
  who.place_ = static_cast<std::uint32_t>(members_.size());
  who.cursor_ = log_.end();
  who.cut_ = 0;
  who.waiting_ = false;
  if (stalled(who))
    ++stalled_;
  members_.push_back(&who);
}

void ring::leave(listener& who) {
  assert(members_[who.place_] == &who);
  if (stalled(who))
    --stalled_;
  who.waiting_ = false;
  std::size_t hole = who.place_;
  const auto fill_from = [&](std::size_t from) {
    if (from == hole)
      return;
    members_[hole] = members_[from];
    members_[hole]->place_ = static_cast<std::uint32_t>(hole);
    hole = from;
  };
  // A member that the pass has not served yet must not slip into the part that it has.
  if (hole < at_)
    fill_from(--at_);
  fill_from(members_.size() - 1);
  members_.pop_back();
  if (members_.empty())
    end_pass();
  trim_if_idle();
}

inline void ring::serve(listener& who) {
  const std::string_view frames = log_.since(who.cursor_);
  if (frames.empty())
    return;
  const std::size_t taken = who.sink_->write_some(frames);
  who.cursor_ += taken;
  if (taken != frames.size()) {
    stall(who, frames, taken);
    return;
  }
  who.cut_ = 0;
}

// Where thousands listen, no cache has what serving one reads. The kernel's part of a send is long
// enough to fetch it for those who follow.
inline void ring::look_ahead() const {
  constexpr std::size_t near = 3;
  constexpr std::size_t far = 6;
  if (at_ + far < members_.size()) {
    __builtin_prefetch(members_[at_ + far]);
    __builtin_prefetch(members_[at_ + near]->behind_);
  }
}

bool ring::run(std::size_t budget, frame_batch* together) {
  if (!in_pass_) {
    if (offered_ == log_.end())
      return false;
    in_pass_ = true;
    pass_end_ = log_.end();
  }
  if (together != nullptr)
    together->open();
  serve_next(budget);
  if (together != nullptr)
    together->close();
  put_out_overrun();
  if (at_ < members_.size())
    return true;
  end_pass();
  trim();
  return offered_ != log_.end();
}

inline void ring::serve_next(std::size_t budget) {
  while (at_ < members_.size() && budget > 0) {
    look_ahead();
    listener& who = *members_[at_++];
    if (!stalled(who)) {
      serve(who);
      --budget;
    }
    if (stalled(who) && too_far_behind(who))
      overrun_.push_back(&who);
  }
}

void ring::put_out_overrun() {
  while (!overrun_.empty()) {
    listener& who = *overrun_.back();
    overrun_.pop_back();
    const std::string rest(log_.since(who.cursor_).substr(0, who.cut_));
    leave(who);
    who.mode_ = listener::mode::out;
    who.sink_->overrun(rest);
  }
}

void ring::end_pass() {
  offered_ = members_.empty() ? log_.end() : pass_end_;
  in_pass_ = false;
  at_ = 0;
}

// Apart from serve(), so that this stays small enough to be inlined where a pass serves thousands.
void ring::stall(listener& who, std::string_view frames, std::size_t taken) {
  who.cut_ = rest_of_frame(frames, who.cut_, taken);
  who.waiting_ = true;
  ++stalled_;
}

void ring::trim() {
  // Members that are not stalled have had everything that was offered.
  frame_log::position needed = offered_;
  if (stalled_ > 0) {
    for (const listener* who : members_)
      needed = std::min(needed, who->cursor_);
  }
  log_.trim(needed);
}

void ring::trim_if_idle() {
  if (!in_pass_ && stalled_ == 0)
    trim();
}

std::string_view ring::take_pending(listener& who) {
  const std::string_view pending = log_.since(who.cursor_);
  who.cursor_ = log_.end();
  who.cut_ = 0;
  if (who.waiting_ && !who.held_)
    --stalled_;
  who.waiting_ = false;
  return pending;
}

void ring::flush(listener& who) {
  const std::string_view pending = take_pending(who);
  if (pending.empty())
    return;
  who.sink_->write_all(pending);
  trim_if_idle();
}

void ring::resume(listener& who) {
  if (!who.waiting_)
    return;
  who.waiting_ = false;
  if (who.held_)
    return;
  --stalled_;
  serve(who);
  trim_if_idle();
}

void ring::hold(listener& who) {
  if (!stalled(who))
    ++stalled_;
  who.held_ = true;
}

void ring::release(listener& who) {
  who.held_ = false;
  if (who.waiting_)
    return;
  --stalled_;
  serve(who);
  trim_if_idle();
}

}  // namespace flowcast::hub
