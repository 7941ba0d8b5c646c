#include "hub/hub.hpp"

#include <algorithm>
#include <utility>

namespace flowcast::hub {

hub::hub(const std::vector<std::unique_ptr<shard>>& shards, const std::vector<channel>& channels,
         fan_out_limits limits)
    : channels_(channels) {
  places_.reserve(shards.size());
  for (const auto& each : shards) {
    place& here = *places_.emplace_back(std::make_unique<place>(*each));
    here.fans = std::make_unique<fan_out>(
        channels, [&here] { here.runs_on->post([fans = here.fans.get()] { fans->run(); }); },
        limits);
  }
}

void hub::start_at(const records::offset& head) {
  for (const auto& each : places_)
    each->fans->start_at(head);
}

void hub::on_events(std::shared_ptr<const std::vector<records::event>> batch) {
  for (const auto& each : places_) {
    bool first = false;
    {
      const std::lock_guard lock(each->mutex);
      first = each->inbox.empty();
      each->inbox.push_back(batch);
    }
    // One message to a shard, one time that it is woken, for all that comes until it looks.
    if (first)
      each->runs_on->post([here = each.get()] { deliver_inbox(*here); });
  }
}

void hub::announce(records::event event) {
  const auto told = std::make_shared<const records::event>(std::move(event));
  for (const auto& each : places_) {
    each->runs_on->post([told, fans = each->fans.get()] { fans->announce(*told); });
  }
}

void hub::deliver_inbox(place& here) {
  {
    const std::lock_guard lock(here.mutex);
    here.taken.swap(here.inbox);
  }
  for (const event_batch& each : here.taken)
    here.fans->deliver(*each);
  here.taken.clear();
}

bool hub::congested() const {
  return std::any_of(places_.begin(), places_.end(),
                     [](const auto& each) { return each->fans->congested(); });
}

}  // namespace flowcast::hub
