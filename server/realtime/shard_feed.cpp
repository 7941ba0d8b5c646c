#include "realtime/shard_feed.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace flowcast::realtime {

namespace {

constexpr std::size_t most_events = 200;  // a report
constexpr std::size_t most_keys_of_a_client = 5;

}  // namespace

void shard_feed::stop() {
  of_->fans.watch_with(nullptr);
  since_ = {};
}

void shard_feed::on_event(const records::event& event, std::size_t listeners) {
  if (since_.events.size() == most_events) {
    ++since_.not_noted;
    return;
  }
  noted_event noted{event.offset.position,  event.service, event.type, event.record.key,
                    event.record.id.text(), listeners,     {}};
  if (listeners == 0 && !noted.key.empty()) {
    for (const auto& other : of_->services.all()) {
      if (other->index() != event.service &&
          of_->fans.interests_here().of_key(other->index(), noted.key) != nullptr)
        noted.watched_by.push_back(other->index());
    }
  }
  since_.events.push_back(std::move(noted));
}

void shard_feed::on_delivered(const records::offset& offset, std::chrono::nanoseconds took) {
  if (since_.deliveries.size() < 2 * most_events)
    since_.deliveries.push_back({offset.position, took});
}

shard_report shard_feed::report(bool with_lists) {
  shard_report made = std::exchange(since_, {});
  if (with_lists) {
    made.keys = most_watched();
    made.clients = newest();
  }
  return made;
}

std::vector<watched_key> shard_feed::most_watched() const {
  const auto more = [](const watched_key& a, const watched_key& b) {
    return a.watchers > b.watchers;
  };
  std::vector<watched_key> most;  // a heap, the least watched first
  for (const auto& service : of_->services.all()) {
    of_->fans.interests_here().each_key(
        service->index(), [&](std::string_view key, std::size_t watchers) {
          if (most.size() == most_keys_shown) {
            if (watchers <= most.front().watchers)
              return;
            std::pop_heap(most.begin(), most.end(), more);
            most.pop_back();
          }
          most.push_back({service->index(), std::string(key), watchers});
          std::push_heap(most.begin(), most.end(), more);
        });
  }
  return most;
}

std::vector<client_status> shard_feed::newest() const {
  std::vector<client_status> made;
  for (const client_view& each : of_->clients) {
    if (made.size() == most_clients_shown)
      break;
    made.push_back(each.describe(most_keys_of_a_client));
  }
  return made;
}

}  // namespace flowcast::realtime
