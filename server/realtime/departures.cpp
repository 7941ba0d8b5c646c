#include "realtime/departures.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "realtime/websocket_transport.hpp"

namespace flowcast::realtime {

namespace {
constexpr auto patience = std::chrono::seconds(3);
}

void departures::tell_later(websocket_transport& failed) {
  if (failed_.empty())
    boost::asio::post(*context_, [this] { tell(); });
  failed_.push_back(&failed);
}

void departures::forget(websocket_transport& gone) {
  std::replace(failed_.begin(), failed_.end(), &gone, static_cast<websocket_transport*>(nullptr));
}

void departures::tell() {
  // Telling one may end others, and forget them here.
  // NOLINTNEXTLINE(modernize-loop-convert): and may add others.
  for (std::size_t i = 0; i < failed_.size(); ++i) {
    if (websocket_transport* const each = std::exchange(failed_[i], nullptr))
      each->tell_failure();
  }
  failed_.clear();
}

void departures::keep(std::unique_ptr<websocket_transport> ended, clock::time_point now) {
  kept_.push_back({std::move(ended), now + patience});
}

void departures::sweep(clock::time_point now) {
  std::erase_if(kept_,
                [now](const leaving& each) { return each.who->finished() || each.until <= now; });
}

}  // namespace flowcast::realtime
