#pragma once

#include <cstddef>
#include <vector>

#include "auth/identity.hpp"
#include "hub/fan_out.hpp"
#include "hub/listener.hpp"
#include "realtime/client_view.hpp"
#include "realtime/subscription_wish.hpp"
#include "services/service_registry.hpp"

// What a client hears: said in wishes, rights and a status, and known to its shard's fan-out as a
// listener's interests. On the shard's thread.
namespace flowcast::realtime {

// Both may be repeated.
void subscribe(hub::fan_out& fans, hub::listener& who, const subscription_wish& wish);
void unsubscribe(hub::fan_out& fans, hub::listener& who, const subscription_wish& wish);

// It hears what `rights` allow from now on, and no more.
void narrow(hub::fan_out& fans, hub::listener& who, const services::service_registry& services,
            const auth::identity& rights);

// What it has subscribed to.
[[nodiscard]] std::vector<subscription_wish> chosen_by(const hub::listener& who,
                                                       const services::service_registry& services);

// Adds what it hears, of that what `rights` allow (nullptr: anything), and at most so many keys.
void describe(client_status& into, const hub::listener& who,
              const services::service_registry& services, const auth::identity* rights,
              std::size_t most_keys);

}  // namespace flowcast::realtime
