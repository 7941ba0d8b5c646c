#pragma once

#include <memory>
#include <string>

#include <nats/nats.h>

#include "stores/nats_handle.hpp"
#include "stores/nats_reader.hpp"
#include "stores/peer_link.hpp"

namespace flowcast::stores {

// Core NATS, beside the stream. The connection and `spent` outlive it.
class nats_peers final : public peer_link {
 public:
  nats_peers(natsConnection* connection, std::string subject, spent_subscriptions& spent);
  nats_peers(const nats_peers&) = delete;
  nats_peers& operator=(const nats_peers&) = delete;
  ~nats_peers() override;

  void listen(heard listener) override;
  void tell(const std::string& message) override;

 private:
  struct ear;

  static void on_message(natsConnection* connection, natsSubscription* subscription,
                         natsMsg* message, void* closure);
  static void on_complete(void* closure);

  natsConnection* connection_;
  std::string subject_;
  std::shared_ptr<ear> ear_;
  spent_subscriptions& spent_;
  nats_subscription_handle subscription_;
};

}  // namespace flowcast::stores
