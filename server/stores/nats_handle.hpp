#pragma once

#include <memory>

#include <nats/nats.h>

namespace flowcast::stores {

template <auto Destroy>
struct nats_destroyer {
  template <class T>
  void operator()(T* what) const {
    Destroy(what);
  }
};

// Owns an object of the NATS client library.
template <class T, auto Destroy>
using nats_handle = std::unique_ptr<T, nats_destroyer<Destroy>>;

using nats_message_handle = nats_handle<natsMsg, natsMsg_Destroy>;
using nats_subscription_handle = nats_handle<natsSubscription, natsSubscription_Destroy>;

}  // namespace flowcast::stores
