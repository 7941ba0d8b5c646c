#pragma once

#include <optional>
#include <string>

#include "auth/authenticator.hpp"
#include "http/connection.hpp"
#include "http/cross_origin.hpp"
#include "http/entry_limits.hpp"
#include "http/landing_page.hpp"
#include "hub/hub.hpp"
#include "operations/log.hpp"
#include "operations/metrics.hpp"
#include "operations/rejections.hpp"
#include "realtime/endpoint.hpp"
#include "services/service_registry.hpp"
#include "stores/event_store.hpp"

namespace flowcast::http {

// What all doors share: the server behind them. Outlives them, and is safe to use from every shard.
struct site {
  const services::service_registry& services;
  const stores::event_store& store;
  const hub::hub& events;
  const cross_origin& origins;
  const landing_page& landing;
  operations::log& log;
  entry_limits& limits;
  const auth::authenticator& auth;
  operations::rejections& refused;
  const operations::metrics& counted;
};

// Decides, by its path, who answers a request of one shard: Engine.IO, a service, or a page.
class router {
 public:
  router(door& owner, const site& about, realtime::endpoint& engine);

  // The connection's request is complete.
  void serve(connection& on);

  // The connection's request cannot be read.
  void refuse(connection& on, unsigned status, std::string_view message, operations::rejection why);
  // Of a connection that is ended without an answer.
  void count_refusal(const connection& of, operations::rejection why, std::string_view detail);

  // A publish that was put off has waited long enough.
  void resume(connection& on);

  // A service, or Engine.IO, has answered.
  void answer(connection& on, records::result<services::answer> given);
  void answer(connection& on, realtime::engine_response given);

 private:
  void serve_engine(connection& on);
  void turn_away(connection& on, const realtime::engine_request& request,
                 operations::rejection limit);
  [[nodiscard]] std::optional<operations::rejection> admit_session(
      realtime::engine_request& request);
  void open_websocket(connection& on, realtime::engine_request request);
  void serve_call(connection& on);
  void call_service(connection& on, std::string address);
  void serve_login(connection& on);
  // Who sent the request; nullptr while authentication is off.
  [[nodiscard]] records::result<auth::identity_ptr> caller_of(const request& in) const;
  [[nodiscard]] response readiness() const;
  void serve_metrics(connection& on);
  void serve_status(connection& on);
  [[nodiscard]] bool is_own_page(const request& in) const;
  [[nodiscard]] realtime::observing observing_of(const connection& on) const;
  // The client of a request, as far as trusted proxies tell.
  [[nodiscard]] std::string address_of(const connection& on) const;
  // Answers with an error, and counts what was turned away.
  void respond_error(connection& on, const records::error& what);
  void count_origin(connection& on);
  void respond(connection& on, const response& made, bool credentials = false);

  door& owner_;
  const site& about_;
  realtime::endpoint& engine_;
  std::string headers_;  // scratch
};

}  // namespace flowcast::http
