#include "hub/hub.hpp"
#include "operations/metric_text.hpp"

namespace flowcast::hub {

using operations::metric_kind;

std::uint64_t hub::sum_of(const std::function<std::uint64_t(const fan_out&)>& part) const {
  std::uint64_t sum = 0;
  for (const auto& each : places_)
    sum += part(*each->fans);
  return sum;
}

void hub::write_metrics(operations::metric_text& to) const {
  // One sample a service, added up over the shards.
  const auto by_service = [&](auto part) {
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      to.sample({{"service", channels_[i].name}},
                sum_of([&](const fan_out& fans) { return part(fans, i); }));
    }
  };

  to.family("flowcast_events_total", metric_kind::counter,
            "Events of the log that went out here, whichever node they were published at.");
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    // Each shard sees each event.
    to.sample({{"service", channels_[i].name}},
              places_.front()->fans->counters().channels[i].events.value());
  }
  to.family("flowcast_deliveries_total", metric_kind::counter,
            "Events times the sessions that they were for.");
  by_service([](const fan_out& fans, std::size_t i) {
    return fans.counters().channels[i].deliveries.value();
  });
  to.family("flowcast_subscriptions", metric_kind::gauge,
            "Keys, and services as a whole, that sessions have subscribed to.");
  by_service([](const fan_out& fans, std::size_t i) {
    return fans.interests_here().counts()[i].subscriptions.value();
  });
  to.family("flowcast_watched_keys", metric_kind::gauge,
            "Keys that at least one session has subscribed to, counted by each shard.");
  by_service([](const fan_out& fans, std::size_t i) {
    return fans.interests_here().counts()[i].keys.value();
  });
  to.gauge("flowcast_listeners", "Sessions that are connected to a namespace and hear events.",
           sum_of([](const fan_out& fans) { return fans.counters().listeners.value(); }));
  to.gauge("flowcast_fan_out_queue_bytes", "Bytes of events that are on their way to sessions.",
           sum_of([](const fan_out& fans) { return fans.counters().waiting_bytes.value(); }));

  to.family("flowcast_publish_to_socket_seconds", metric_kind::histogram,
            "Time from a publisher's request until a shard's last listener has been offered the "
            "event, once a shard; another node's from when it arrived.");
  operations::histogram_reading taken;
  for (const auto& each : places_)
    each->fans->times().taken().add_to(taken);
  to.sample({}, taken);
}

}  // namespace flowcast::hub
