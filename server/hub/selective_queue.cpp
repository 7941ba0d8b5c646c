#include "hub/selective_queue.hpp"

#include <memory>
#include <utility>

namespace flowcast::hub {

namespace {

constexpr std::size_t kept_places = 4096;
constexpr std::size_t kept_capacity = std::size_t{64} * 1024;

// Gives memory back after a burst.
template <class Container>
void clear(Container& of) {
  of.clear();
  if (of.capacity() > kept_capacity)
    Container().swap(of);
}

}  // namespace

std::size_t selective_queue::log_bytes() const {
  std::size_t sum = 0;
  for (const frame_log& log : logs_)
    sum += static_cast<std::size_t>(log.end() - log.begin());
  return sum;
}

selective_queue::piece selective_queue::add_frame(framing frames, std::string_view frame) {
  frame_log& log = logs_[static_cast<std::size_t>(frames)];
  const frame_log::position begin = log.end();
  log.tail().append(frame);
  return {begin, log.end()};
}

void selective_queue::add(listener& who, const piece& frame) {
  if (who.waiting_) {
    linked_piece& last = at(who.last_piece_);
    if (last.bytes.end == frame.begin) {
      last.bytes.end = frame.end;
      return;
    }
  }
  const std::uint32_t number = first_number_ + static_cast<std::uint32_t>(pieces_.size());
  pieces_.push_back({frame, number});
  if (who.waiting_) {
    at(who.last_piece_).next = number;
  } else {
    who.waiting_ = true;
    who.first_piece_ = number;
    who.place_ = static_cast<std::uint32_t>(queue_.size());
    queue_.push_back(&who);
  }
  who.last_piece_ = number;
}

bool selective_queue::run(std::size_t budget, frame_batch* together) {
  if (empty())
    return false;
  if (together != nullptr)
    together->open();
  while (served_ < queue_.size() && budget > 0) {
    listener* const who = queue_[served_++];
    if (who == nullptr)
      continue;
    who->waiting_ = false;
    serve(*who);
    --budget;
  }
  if (together != nullptr)
    together->close();
  forget_served();
  return !empty();
}

void selective_queue::flush(listener& who) {
  if (!who.waiting_)
    return;
  remove(who);
  serve(who);
}

void selective_queue::remove(listener& who) {
  if (!who.waiting_)
    return;
  who.waiting_ = false;
  queue_[who.place_] = nullptr;
}

void selective_queue::serve(listener& who) {
  const std::string_view frames = collect(who);
  if (who.held_) {
    keep(who, frames);
    return;
  }
  // What was gathered lasts until the next listener's is, which is too short for a batch.
  const std::size_t taken = in_one_piece(who) ? who.sink_->write_some(frames) : 0;
  if (taken < frames.size())
    who.sink_->write_all(frames.substr(taken));
}

std::string_view selective_queue::collect(const listener& who) {
  const frame_log& log = logs_[static_cast<std::size_t>(who.framing_)];
  if (in_one_piece(who)) {
    const piece& bytes = at(who.first_piece_).bytes;
    return log.between(bytes.begin, bytes.end);
  }
  gathered_.clear();
  for (std::uint32_t number = who.first_piece_;; number = at(number).next) {
    const piece& bytes = at(number).bytes;
    gathered_.append(log.between(bytes.begin, bytes.end));
    if (number == who.last_piece_)
      break;
  }
  return gathered_;
}

void selective_queue::keep(listener& who, std::string_view frames) {
  if (!who.kept_)
    who.kept_ = std::make_unique<std::string>();
  if (who.kept_->size() + frames.size() > max_kept_) {
    who.kept_.reset();
    who.mode_ = listener::mode::out;
    who.sink_->overrun({});
    return;
  }
  who.kept_->append(frames);
}

void selective_queue::release(listener& who) {
  who.held_ = false;
  if (!who.kept_)
    return;
  const std::unique_ptr<std::string> kept = std::move(who.kept_);
  who.sink_->write_all(*kept);
}

void selective_queue::forget_served() {
  if (empty()) {
    forgotten_ += served_;
    clear(queue_);
    served_ = 0;
    first_number_ += static_cast<std::uint32_t>(pieces_.size());
    clear(pieces_);
    clear(gathered_);
    for (frame_log& log : logs_)
      log.trim(log.end());
    return;
  }
  // Moving less than was served keeps the cost of a place constant.
  if (served_ < kept_places || served_ < queue_.size() / 2)
    return;
  // Under a load that never lets the queue run empty. The first in the queue has the oldest piece:
  // what is before it is nobody's any more. The frames go with the pieces.
  while (served_ < queue_.size() && queue_[served_] == nullptr)
    ++served_;
  if (empty()) {
    forget_served();
    return;
  }
  const std::uint32_t oldest = queue_[served_]->first_piece_;
  pieces_.erase(pieces_.begin(),
                pieces_.begin() + static_cast<std::ptrdiff_t>(oldest - first_number_));
  first_number_ = oldest;
  for (std::size_t i = served_; i < queue_.size(); ++i) {
    if (queue_[i] != nullptr)
      queue_[i]->place_ = static_cast<std::uint32_t>(i - served_);
  }
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(served_));
  forgotten_ += served_;
  served_ = 0;
  for (std::size_t i = 0; i < framings; ++i)
    logs_[i].trim(oldest_needed(static_cast<framing>(i)));
}

frame_log::position selective_queue::oldest_needed(framing frames) {
  for (const listener* who : queue_) {
    if (who != nullptr && who->framing_ == frames)
      return at(who->first_piece_).bytes.begin;
  }
  return logs_[static_cast<std::size_t>(frames)].end();
}

}  // namespace flowcast::hub
