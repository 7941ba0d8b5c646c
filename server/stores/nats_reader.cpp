#include "stores/nats_reader.hpp"

#include <cstddef>
#include <iterator>
#include <utility>

namespace flowcast::stores {

namespace {

using metadata_handle = nats_handle<jsMsgMetaData, jsMsgMetaData_Destroy>;

}  // namespace

void spent_subscriptions::add(nats_subscription_handle one) {
  // Taken out of the library's table: what it does not use now, it does not find any more.
  natsSubscription_Unsubscribe(one.get());
  const std::lock_guard lock(mutex_);
  kept_.push_back(std::move(one));
}

void spent_subscriptions::free_unused(natsConnection* connection,
                                      std::chrono::milliseconds patience) {
  std::vector<nats_subscription_handle> ended;
  {
    const std::lock_guard lock(mutex_);
    ended.swap(kept_);
  }
  // The answer comes by the thread that may have used them, after what it did then.
  if (ended.empty() || natsConnection_FlushTimeout(connection, patience.count()) == NATS_OK) {
    return;
  }
  const std::lock_guard lock(mutex_);
  kept_.insert(kept_.end(), std::move_iterator(ended.begin()), std::move_iterator(ended.end()));
}

void spent_subscriptions::clear() {
  const std::lock_guard lock(mutex_);
  kept_.clear();
}

ordered_reader::ordered_reader(nats_subscription_handle subscription, spent_subscriptions& spent)
    : subscription_(std::move(subscription)), spent_(spent) {}

ordered_reader::~ordered_reader() {
  spent_.add(std::move(subscription_));
}

stream_reader::state ordered_reader::next(stream_message& into, std::chrono::milliseconds wait) {
  natsMsg* received = nullptr;
  const natsStatus status = natsSubscription_NextMsg(&received, subscription_.get(), wait.count());
  const nats_message_handle message(received);
  if (status == NATS_TIMEOUT) {
    return state::nothing_yet;
  }
  jsMsgMetaData* described = nullptr;
  if (status != NATS_OK || natsMsg_GetMetaData(&described, received) != NATS_OK) {
    return state::broken;
  }
  const metadata_handle metadata(described);
  into.sequence = metadata->Sequence.Stream;
  into.payload.assign(natsMsg_GetData(received),
                      static_cast<std::size_t>(natsMsg_GetDataLength(received)));
  return state::message;
}

}  // namespace flowcast::stores
