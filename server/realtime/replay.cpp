#include "realtime/replay.hpp"

#include <utility>

#include "hub/event_frame.hpp"

namespace flowcast::realtime {

replay::replay(hub::shard& shard, stores::event_store& store,
               const services::service_registry& services, std::vector<stores::log_filter> wanted,
               const records::offset& after, replay_user& user, auth::identity_ptr who)
    : shard_(&shard),
      store_(&store),
      services_(&services),
      wanted_(std::move(wanted)),
      after_(after),
      user_(&user),
      who_(std::move(who)) {}

void replay::read_to(std::uint64_t position) {
  up_to_ = position;
  waiting_ = true;
  read_on();
}

void replay::read_on() {
  if (!waiting_ || !user_->ready_for_more())
    return;
  waiting_ = false;
  stores::log_read request;
  request.filters = wanted_;
  request.after = after_;
  request.up_to = up_to_;
  store_->read_log(std::move(request), [shard = shard_, reader = weak_from_this()](
                                           records::result<stores::log_page> page) {
    shard->post([reader, page = std::move(page)] {
      if (const auto here = reader.lock())
        here->on_page(page);
    });
  });
}

bool replay::may_hear(const records::event& event) const {
  return !who_ ||
         who_->may.subscribe(services_->at(event.service).name())->matches(event.record.key);
}

void replay::on_page(const records::result<stores::log_page>& page) {
  if (!page) {
    if (page.error().code == records::errc::offset_gone) {
      user_->on_out_of_reach();
    } else {
      user_->on_replay_failed(page.error());
    }
    return;
  }
  std::string frames;
  std::uint64_t sent = 0;
  for (const records::event& event : page->events) {
    if (!may_hear(event))
      continue;
    ++sent;
    hub::append_event_frame(frames, services_->at(event.service).name(), event,
                            records::to_string(event.offset));
  }
  events_ += sent;
  after_.position = page->next;
  if (!frames.empty())
    user_->on_replay(frames);
  if (page->complete) {
    user_->on_replayed();
    return;
  }
  waiting_ = true;
  read_on();
}

}  // namespace flowcast::realtime
