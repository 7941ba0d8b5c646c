#include "hub/hub.hpp"

#include <algorithm>
#include <utility>

namespace flowcast::hub {

hub::hub(const std::vector<std::unique_ptr<shard>>& shards, const std::vector<channel>& channels,
         fan_out_limits limits)
    : channels_(channels) {
  places_.reserve(shards.size());
  for (const auto& each : shards) {
    place& here = places_.emplace_back(place{each.get(), nullptr});
    here.fans = std::make_unique<fan_out>(
        channels,
        [runs_on = here.runs_on, index = places_.size() - 1, this] {
          runs_on->post([fans = places_[index].fans.get()] { fans->run(); });
        },
        limits);
  }
}

void hub::start_at(const records::offset& head) {
  for (const place& each : places_)
    each.fans->start_at(head);
}

void hub::on_events(std::shared_ptr<const std::vector<records::event>> batch) {
  for (const place& each : places_) {
    each.runs_on->post([batch, fans = each.fans.get()] { fans->deliver(*batch); });
  }
}

void hub::announce(records::event event) {
  const auto told = std::make_shared<const records::event>(std::move(event));
  for (const place& each : places_) {
    each.runs_on->post([told, fans = each.fans.get()] { fans->announce(*told); });
  }
}

bool hub::congested() const {
  return std::any_of(places_.begin(), places_.end(),
                     [](const place& each) { return each.fans->congested(); });
}

}  // namespace flowcast::hub
