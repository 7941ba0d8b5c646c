#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>

#include "operations/tally.hpp"

namespace flowcast::operations {

// Bytes that wait, on one shard, to leave for clients that are slow to take them, and a limit to
// all of them together: what one client may have is bounded elsewhere, but clients may be many.
// Written on the shard's thread.
//
// Rules
//  1. Past the limit, those of whom more waits than an even share of half of it are sent away. What
//     is left is half at most; and who takes what it is sent has less than a share.
//  2. It is past the limit for no longer than the turn of the shard's loop in which that came.
class backlog {
 public:
  // `bytes`, which outlives it, says what waits. `most`: 0, no limit. `on_over`: more waits than
  // that. Called from within add(), once until relieve(), which is to be called later.
  backlog(tally& bytes, std::size_t most, std::function<void()> on_over)
      : bytes_(&bytes), most_(most), on_over_(std::move(on_over)) {}

  void add(std::size_t more) {
    bytes_->add(more);
    if (is_over() && !std::exchange(relief_planned_, true)) {
      on_over_();
    }
  }
  void take(std::size_t less) { bytes_->take(less); }

  // Rule 1, of `all` there are: `waiting` says what waits for one of them, and `send_away` sends it
  // away, which may add others.
  template <class All, class Waiting, class SendAway>
  void relieve(All& all, Waiting waiting, SendAway send_away) {
    relief_planned_ = false;
    if (!is_over()) {
      return;
    }
    const auto clients = static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const auto& each) { return waiting(each) > 0; }));
    const std::size_t share = most_ / 2 / std::max<std::size_t>(clients, 1);
    // By place: `all` may grow meanwhile.
    for (std::size_t at = 0; at < all.size(); ++at) {
      if (waiting(all[at]) > share) {
        send_away(all[at]);
      }
    }
  }

 private:
  [[nodiscard]] bool is_over() const { return most_ != 0 && bytes_->value() > most_; }

  tally* bytes_;
  std::size_t most_;
  std::function<void()> on_over_;
  bool relief_planned_ = false;
};

}  // namespace flowcast::operations
