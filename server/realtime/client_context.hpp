#pragma once

#include <vector>

#include "auth/authenticator.hpp"
#include "hub/hub.hpp"
#include "operations/log.hpp"
#include "operations/rejections.hpp"
#include "realtime/client_view.hpp"
#include "realtime/engine_server.hpp"
#include "realtime/resumable_sessions.hpp"
#include "realtime/subscription_wish.hpp"
#include "realtime/token_watch.hpp"
#include "services/publish_rate.hpp"
#include "services/service_registry.hpp"
#include "stores/event_store.hpp"

namespace flowcast::realtime {

// What the clients of a shard share. Outlives them.
struct client_context {
  engine_server& engine;
  // All engine servers, by shard: a client that comes back may be open on another.
  const std::vector<engine_server*>& engines;
  hub::hub& events;
  hub::fan_out& fans;  // this shard's part of them
  const services::service_registry& services;
  stores::event_store& store;
  resumable_sessions& resumable;
  operations::log& log;
  const auth::authenticator& auth;
  token_watch& tokens;
  services::publish_rate& rate;
  subscription_limits limits;
  operations::rejections& refused;
  // Those that are connected.
  client_list clients{};
};

}  // namespace flowcast::realtime
