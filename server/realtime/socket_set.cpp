#include "realtime/socket_set.hpp"

#include <algorithm>

#include <boost/asio/post.hpp>

namespace flowcast::realtime {

void socket_set::read_on(socket_member& member) {
  if (unfinished_.empty())
    boost::asio::post(context_, [this] { serve_unfinished(); });
  unfinished_.push_back(&member);
}

void socket_set::serve_unfinished() {
  turn_.swap(unfinished_);
  // By reference: one may remove another before its turn.
  for (socket_member* const& each : turn_) {
    if (each != nullptr)
      each->on_ready({.readable = true});
  }
  turn_.clear();
  end_turn();
}

void socket_set::end_turn() {
  if (after_turn_)
    after_turn_();
}

void socket_set::forget_turns(socket_member& member) {
  std::replace(unfinished_.begin(), unfinished_.end(), &member,
               static_cast<socket_member*>(nullptr));
  std::replace(turn_.begin(), turn_.end(), &member, static_cast<socket_member*>(nullptr));
}

}  // namespace flowcast::realtime
