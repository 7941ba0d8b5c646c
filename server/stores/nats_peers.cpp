#include "stores/nats_peers.hpp"

#include <cstddef>
#include <mutex>
#include <utility>

namespace flowcast::stores {

// The library may call back after a subscription was destroyed: what it calls lives until it says
// that it does not.
struct nats_peers::ear {
  std::mutex mutex;
  heard listener;
};

nats_peers::nats_peers(natsConnection* connection, std::string subject, spent_subscriptions& spent)
    : connection_(connection), subject_(std::move(subject)), spent_(spent) {}

nats_peers::~nats_peers() {
  if (ear_) {
    const std::lock_guard lock(ear_->mutex);
    ear_->listener = nullptr;
  }
  if (subscription_) {
    spent_.add(std::move(subscription_));
  }
}

void nats_peers::listen(heard listener) {
  ear_ = std::make_shared<ear>();
  ear_->listener = std::move(listener);
  auto kept = std::make_unique<std::shared_ptr<ear>>(ear_);
  natsSubscription* made = nullptr;
  require(natsConnection_Subscribe(&made, connection_, subject_.c_str(), on_message, kept.get()),
          "Cannot listen to the other nodes");
  subscription_.reset(made);
  require(natsSubscription_SetOnCompleteCB(made, on_complete, kept.get()),
          "Cannot listen to the other nodes");
  static_cast<void>(kept.release());
}

void nats_peers::tell(const std::string& message) {
  // What is lost is asked for again.
  static_cast<void>(natsConnection_Publish(connection_, subject_.c_str(), message.data(),
                                           static_cast<int>(message.size())));
}

void nats_peers::on_message(natsConnection* /*connection*/, natsSubscription* /*subscription*/,
                            natsMsg* message, void* closure) {
  const nats_message_handle given(message);
  const std::shared_ptr<ear> at = *static_cast<std::shared_ptr<ear>*>(closure);
  const std::lock_guard lock(at->mutex);
  if (at->listener) {
    at->listener(
        {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))});
  }
}

void nats_peers::on_complete(void* closure) {
  const std::unique_ptr<std::shared_ptr<ear>> kept(static_cast<std::shared_ptr<ear>*>(closure));
}

}  // namespace flowcast::stores
