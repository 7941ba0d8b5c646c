#pragma once

#include <memory>
#include <stdexcept>
#include <string>

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

// Throws std::runtime_error, with what the client says, where a call failed.
inline void require(natsStatus status, const std::string& what) {
  if (status != NATS_OK) {
    const char* const detail = nats_GetLastError(nullptr);
    throw std::runtime_error(
        what + ": " + natsStatus_GetText(status) +
        (detail == nullptr || *detail == '\0' ? std::string() : std::string(" (") + detail + ")"));
  }
}

}  // namespace flowcast::stores
