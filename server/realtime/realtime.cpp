#include "realtime/realtime.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "realtime/observer.hpp"

namespace flowcast::realtime {

struct realtime::place {
  place(const parts& with, hub::shard& shard, const engine_options& options,
        const subscription_limits& limits, resumable_sessions& resumable,
        const std::vector<engine_server*>& engines)
      : engine(
            shard, options,
            [this](engine_session& session,
                   const engine_request& request) -> std::unique_ptr<engine_user> {
              return std::make_unique<socket_session>(session, applications, request.address,
                                                      request.authorization, request.may_look);
            },
            with.refused),
        tokens(shard, with.auth),
        context{engine,        engines,    with.events, with.events.of(shard),
                with.services, with.store, resumable,   with.log,
                with.auth,     tokens,     with.rate,   limits,
                with.refused},
        applications([this](socket_connection& connection) -> std::unique_ptr<socket_application> {
          if (connection.name_space() == observed_namespace &&
              connection.session().may_look() != observing::nowhere)
            return std::make_unique<observer>(connection, context, *board);
          if (!offered(connection.name_space())) {
            context.refused.add(
                operations::rejection::unknown_namespace, connection.session().address(),
                "there is no namespace '" + std::string(connection.name_space()) + "'");
            return nullptr;
          }
          return std::make_unique<client>(connection, context);
        }) {}

  [[nodiscard]] bool offered(std::string_view name_space) const {
    const auto& names = engine.options().namespaces;
    return name_space == "/" || std::find(names.begin(), names.end(), name_space) != names.end();
  }

  status_board* board = nullptr;
  engine_server engine;
  token_watch tokens;
  client_context context;
  make_application applications;
};

realtime::realtime(const parts& with, const engine_options& options,
                   const subscription_limits& limits, resumable_sessions::limits remembered)
    : resumable_(remembered) {
  for (const auto& shard : with.shards) {
    places_.push_back(std::make_unique<place>(with, *shard, options, limits, resumable_, engines_));
    engines_.push_back(&places_.back()->engine);
  }
  for (engine_server* const each : engines_)
    with.events.of(each->shard()).send_with(each->together());
  std::vector<client_context*> contexts;
  for (const auto& each : places_)
    contexts.push_back(&each->context);
  board_ = std::make_unique<status_board>(std::move(contexts));
  for (const auto& each : places_)
    each->board = board_.get();
  for (engine_server* const each : engines_)
    each->know(engines_);
}

realtime::~realtime() = default;

void realtime::check_tokens() {
  for (const auto& each : places_) {
    each->engine.shard().post([tokens = &each->tokens] { tokens->check(); });
  }
}

void realtime::drain(std::chrono::milliseconds spread, const std::function<void()>& done) {
  auto left = std::make_shared<std::atomic<std::size_t>>(engines_.size());
  for (engine_server* const each : engines_) {
    each->shard().post([each, spread, left, done] {
      each->drain(spread, [left, done] {
        if (left->fetch_sub(1) == 1)
          done();
      });
    });
  }
}

}  // namespace flowcast::realtime
