#include "hub/fan_out.hpp"

#include <cassert>
#include <utility>

#include "hub/event_frame.hpp"

namespace flowcast::hub {

fan_out::fan_out(std::vector<channel> channels, schedule_run schedule, fan_out_limits limits)
    : channels_(std::move(channels)),
      schedule_(std::move(schedule)),
      limits_(limits),
      rings_{ring(limits.max_lag), ring(limits.max_lag)},
      queue_(limits.max_lag),
      index_(channels_.size()),
      counters_(channels_.size()) {}

void fan_out::deliver(const std::vector<records::event>& events) {
  bool any = false;
  for (const records::event& event : events) {
    std::size_t deliveries = 0;
    forget_encoded();
    if (channels_[event.service].broadcasts) {
      for (std::size_t i = 0; i < framings; ++i) {
        if (rings_[i].empty())
          continue;
        rings_[i].tail().append(encode(static_cast<framing>(i), event));
        deliveries += rings_[i].size();
      }
    }
    deliveries += offer(event);
    head_ = event.offset;
    fan_out_counters::channel& counted = counters_.channels[event.service];
    counted.events.add();
    if (watch_ != nullptr)
      watch_->on_event(event, deliveries);
    if (deliveries == 0)
      continue;
    any = true;
    counted.deliveries.add(deliveries);
    times_.begin(event, queued());
  }
  if (!any)
    return;
  count_waiting();
  wake();
}

void fan_out::announce(const records::event& event) {
  forget_encoded();
  const std::size_t deliveries = offer(event);
  if (deliveries == 0)
    return;
  counters_.channels[event.service].deliveries.add(deliveries);
  count_waiting();
  wake();
}

const std::string& fan_out::encode(framing frames, const records::event& event) {
  encoded& one = encoded_[static_cast<std::size_t>(frames)];
  if (!one.done) {
    one.frame.clear();
    const bool stamp = frames == framing::stamped && event.offset != records::offset();
    append_event_frame(one.frame, channels_[event.service].name, event,
                       stamp ? records::to_string(event.offset) : std::string());
    one.done = true;
  }
  return one.frame;
}

void fan_out::forget_encoded() {
  for (encoded& one : encoded_)
    one.done = one.queued = false;
}

std::size_t fan_out::offer(const records::event& event) {
  std::size_t offered = offer(event, index_.of_whole(event.service));
  // An event without a key is about none.
  if (!event.record.key.empty()) {
    if (const audience* to = index_.of_key(event.service, event.record.key))
      offered += offer(event, *to);
  }
  return offered;
}

std::size_t fan_out::offer(const records::event& event, const audience& to) {
  std::size_t offered = 0;
  for (const audience_member& member : to.members) {
    listener& who = *member.of->owner;
    if (who.mode_ != listener::mode::selective ||
        !member.of->may_hear(event.service, event.record.key))
      continue;
    encoded& one = encoded_[static_cast<std::size_t>(who.framing_)];
    if (!one.queued) {
      one.piece = queue_.add_frame(who.framing_, encode(who.framing_, event));
      one.queued = true;
    }
    queue_.add(who, one.piece);
    ++offered;
  }
  return offered;
}

void fan_out::wake() {
  if (scheduled_)
    return;
  scheduled_ = true;
  schedule_();
}

void fan_out::run() {
  scheduled_ = false;
  bool more = queue_.run(limits_.slice, together_);
  for (ring& each : rings_)
    more = each.run(limits_.slice, together_) || more;
  count_waiting();
  times_.served(served(), watch_);
  if (more)
    wake();
}

delivery_times::progress fan_out::queued() const {
  return {{rings_[0].end(), rings_[1].end()}, queue_.places_given()};
}

delivery_times::progress fan_out::served() const {
  return {{rings_[0].offered(), rings_[1].offered()}, queue_.places_served()};
}

void fan_out::count_waiting() {
  std::size_t bytes = queue_.log_bytes();
  for (const ring& each : rings_)
    bytes += each.waiting_bytes();
  counters_.waiting_bytes.set(bytes);
}

void fan_out::join(listener& who) {
  assert(who.mode_ == listener::mode::out);
  who.mode_ = listener::mode::ring;
  ring_of(who).join(who);
  who.joined_ = true;
  counters_.listeners.add();
}

void fan_out::leave(listener& who) {
  if (who.mode_ == listener::mode::ring) {
    ring_of(who).leave(who);
  } else if (who.mode_ == listener::mode::selective) {
    queue_.remove(who);
  }
  // Also of a listener that was put out for falling behind.
  if (who.interests_) {
    index_.drop_all(*who.interests_);
    who.interests_.reset();
  }
  who.kept_.reset();
  who.held_ = false;
  if (who.joined_)
    counters_.listeners.take();
  who.joined_ = false;
  who.mode_ = listener::mode::out;
}

void fan_out::make_selective(listener& who, stores::service_index chosen) {
  assert(who.mode_ == listener::mode::ring);
  const std::string_view pending = ring_of(who).take_pending(who);
  if (!pending.empty()) {
    if (who.held_) {
      who.kept_ = std::make_unique<std::string>(pending);
    } else {
      who.sink_->write_all(pending);
    }
  }
  ring_of(who).leave(who);
  who.mode_ = listener::mode::selective;
  who.interests_ = std::make_unique<interests>();
  who.interests_->owner = &who;
  for (stores::service_index service = 0; service < channels_.size(); ++service) {
    if (service != chosen && channels_[service].broadcasts)
      index_.choose_whole(*who.interests_, service);
  }
}

bool fan_out::subscribe(listener& who, stores::service_index service, std::string_view key) {
  if (who.mode_ == listener::mode::ring)
    make_selective(who, service);
  if (who.mode_ != listener::mode::selective)
    return false;
  index_.drop_whole(*who.interests_, service);
  return index_.choose_key(*who.interests_, service, key);
}

bool fan_out::unsubscribe(listener& who, stores::service_index service, std::string_view key) {
  return who.interests_ && index_.drop_key(*who.interests_, service, key);
}

bool fan_out::subscribe_whole(listener& who, stores::service_index service) {
  if (who.mode_ == listener::mode::ring) {
    if (channels_[service].broadcasts)
      return false;
    make_selective(who, service);
  }
  if (who.mode_ != listener::mode::selective)
    return false;
  index_.drop_keys(*who.interests_, service);
  return index_.choose_whole(*who.interests_, service);
}

bool fan_out::unsubscribe_whole(listener& who, stores::service_index service) {
  if (who.mode_ == listener::mode::ring) {
    if (!channels_[service].broadcasts)
      return false;
    make_selective(who, service);
    return true;
  }
  return who.interests_ && index_.drop_whole(*who.interests_, service);
}

void fan_out::narrow(listener& who, stores::service_index service,
                     std::shared_ptr<const records::key_patterns> to) {
  if (who.mode_ == listener::mode::ring) {
    if (!to)
      return;
    make_selective(who, static_cast<stores::service_index>(channels_.size()));
  }
  if (who.mode_ == listener::mode::selective)
    index_.narrow(*who.interests_, service, std::move(to));
}

void fan_out::each_interest(
    const listener& who,
    const std::function<bool(stores::service_index service, const std::string* key)>& visit) {
  if (!who.interests_)
    return;
  for (const interest& each : who.interests_->chosen) {
    if (!visit(each.in->service, each.in->key))
      return;
  }
}

void fan_out::flush(listener& who) {
  if (who.held_)
    return;
  if (who.mode_ == listener::mode::ring) {
    ring_of(who).flush(who);
  } else if (who.mode_ == listener::mode::selective) {
    queue_.flush(who);
  }
}

void fan_out::resume(listener& who) {
  if (who.mode_ == listener::mode::ring)
    ring_of(who).resume(who);
}

void fan_out::hold(listener& who) {
  if (who.held_)
    return;
  // A frame that was sent in part is ended before anything else is sent.
  flush(who);
  if (who.mode_ == listener::mode::ring)
    ring_of(who).hold(who);
  who.held_ = true;
}

void fan_out::release(listener& who) {
  if (!who.held_)
    return;
  if (who.mode_ == listener::mode::ring) {
    ring_of(who).release(who);
  } else {
    queue_.release(who);
  }
}

}  // namespace flowcast::hub
