#include "realtime/engine_server.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace flowcast::realtime {

using namespace std::chrono_literals;

namespace {

engine_response refusal(engine_error what) {
  return {400, "application/json", to_json(what)};
}

// What a session was ended for, where that was a limit.
std::optional<operations::rejection> limit_of(end_reason why) {
  switch (why) {
    case end_reason::too_large:
      return operations::rejection::message_size;
    case end_reason::too_slow:
      return operations::rejection::outbound_size;
    case end_reason::message_timeout:
      return operations::rejection::message_timeout;
    case end_reason::too_many_packets:
      return operations::rejection::packet_rate;
    case end_reason::parse_error:
    case end_reason::transport_error:
      return operations::rejection::malformed;
    default:
      return std::nullopt;
  }
}

constexpr auto sweep_every = 1s;
constexpr auto drain_step = 20ms;
// How much of the time to answer a heartbeat may be over when the heartbeat is sent: this part.
constexpr int most_lateness = 8;

}  // namespace

// A GET that waits at a session, perhaps of another shard.
class engine_server::poll_place final : public pending_poll {
 public:
  poll_place(engine_server& home, const session_id& id, std::shared_ptr<bool> answered)
      : home_(&home), id_(id), answered_(std::move(answered)) {}
  poll_place(const poll_place&) = delete;
  poll_place& operator=(const poll_place&) = delete;
  ~poll_place() override {
    if (!*answered_)
      home_->shard_->post([home = home_, id = id_] { home->abort_poll(id); });
  }

 private:
  engine_server* home_;
  session_id id_;
  std::shared_ptr<bool> answered_;  // read and written on the asking shard alone
};

engine_server::engine_server(hub::shard& shard, const engine_options& options,
                             make_engine_user make_user, operations::rejections& refused)
    : shard_(&shard),
      options_(options),
      make_user_(std::move(make_user)),
      refused_(&refused),
      queued_(counters_.queued_bytes, options.max_outbound_of_all,
              [this] { shard_->post([this] { relieve(); }); }),
      sockets_(shard.context()),
      leaving_(shard.context()),
      together_(options.io_uring),
      websockets_{sockets_, leaving_, together_, options.max_payload, options.max_outbound,
                  queued_},
      deadlines_{deadline_list(options.ping_interval),
                 deadline_list(options.ping_timeout),
                 deadline_list(options.ping_interval + options.ping_timeout),
                 deadline_list(options.connect_timeout),
                 deadline_list(options.upgrade_timeout),
                 deadline_list(options.message_timeout)},
      timer_(shard.context()),
      drain_timer_(shard.context()) {}

engine_server::~engine_server() = default;

engine_server* engine_server::home_of(const engine_query& query) const {
  const auto id = session_id::parse(query.sid);
  if (!id || id->shard() >= all_->size())
    return nullptr;
  return (*all_)[id->shard()];
}

std::unique_ptr<pending_poll> engine_server::serve(engine_request request, respond done) {
  const engine_query query = engine_query::parse(request.query);
  // The order of the reference server's checks.
  if (!query.transport)
    return done(refusal(engine_error::transport_unknown)), nullptr;
  if (!query.revision)
    return done(refusal(engine_error::unsupported_version)), nullptr;
  if (!query.has_sid) {
    if (request.method != "GET")
      return done(refusal(engine_error::bad_handshake_method)), nullptr;
    if (*query.transport != transport_kind::polling)
      return done(refusal(engine_error::bad_request)), nullptr;
    open_polling(query, request, std::move(done));
    return nullptr;
  }
  engine_server* const home = home_of(query);
  if (home == nullptr)
    return done(refusal(engine_error::session_unknown)), nullptr;
  if (*query.transport != transport_kind::polling)
    return done(refusal(engine_error::bad_request)), nullptr;
  if (request.method != "GET" && request.method != "POST")
    return done(refusal(engine_error::bad_request)), nullptr;

  const bool waits = request.method == "GET";
  auto answered = std::make_shared<bool>(false);
  respond answer = [answered, done = std::move(done)](engine_response response) {
    *answered = true;
    done(std::move(response));
  };
  if (home == this) {
    serve_here(query, request, std::move(answer));
  } else {
    respond back = [shard = shard_, answer = std::move(answer)](engine_response response) {
      shard->post(
          [answer, response = std::move(response)]() mutable { answer(std::move(response)); });
    };
    home->shard_->post(
        [home, query, request = std::move(request), back = std::move(back)]() mutable {
          home->serve_here(query, request, std::move(back));
        });
  }
  if (!waits || *answered)
    return nullptr;
  return std::make_unique<poll_place>(*home, *session_id::parse(query.sid), std::move(answered));
}

void engine_server::serve_here(const engine_query& query, engine_request& request, respond done) {
  expire();
  engine_session* const session = find(*session_id::parse(query.sid));
  if (session == nullptr)
    return done(refusal(engine_error::session_unknown));
  if (session->polling() == nullptr || session->revision() != *query.revision) {
    return done(refusal(engine_error::bad_request));
  }
  if (request.method == "POST") {
    if (request.body.size() > options_.max_payload) {
      done({413, "text/plain; charset=UTF-8", {}});
      session->end(end_reason::too_large);
      return;
    }
    session->on_post(query, request.body, request.binary_body, done);
  } else {
    session->on_poll(query, std::move(done));
  }
}

void engine_server::open_polling(const engine_query& query, engine_request& request, respond done) {
  if (draining_)
    return done({503, "text/plain; charset=UTF-8", "The server is restarting: connect again."});
  engine_session& session = make_session(*query.revision);
  auto transport = std::make_unique<polling_transport>(
      session, *query.revision, options_.max_outbound, queued_, std::move(request.place));
  // The answer to the opening GET is the open packet alone: it waits for nothing.
  transport->poll(query, std::move(done));
  counters_.by_polling.add();
  session.open_polling(std::move(transport), make_user_(session, request));
}

std::optional<engine_response> engine_server::refuse_websocket(const engine_request& request) {
  const engine_query query = engine_query::parse(request.query);
  const auto refused = [](engine_error what) {
    return engine_response{400, "text/html", std::string(to_string(what))};
  };
  if (!query.transport)
    return refused(engine_error::transport_unknown);
  if (!query.revision)
    return refused(engine_error::unsupported_version);
  if (query.has_sid && home_of(query) == nullptr)
    return refused(engine_error::session_unknown);
  if (query.has_sid && home_of(query) == this && find(*session_id::parse(query.sid)) == nullptr) {
    return refused(engine_error::session_unknown);
  }
  if (*query.transport != transport_kind::websocket)
    return refused(engine_error::bad_request);
  if (draining_) {
    return engine_response{503, "text/plain; charset=UTF-8",
                           "The server is restarting: connect again."};
  }
  return {};
}

void engine_server::adopt_websocket(stream socket, engine_request request, std::string received) {
  const engine_query query = engine_query::parse(request.query);
  engine_server* const home = query.has_sid ? home_of(query) : this;
  if (home == this) {
    adopt_here(query, std::move(socket), request, received);
  } else {
    home->shard_->post([home, query, socket = std::move(socket), request = std::move(request),
                        received = std::move(received)]() mutable {
      home->adopt_here(query, std::move(socket), request, received);
    });
  }
}

void engine_server::adopt_here(const engine_query& query, stream socket,
                               const engine_request& request, const std::string& received) {
  if (query.has_sid) {
    engine_session* const session = find(*session_id::parse(query.sid));
    if (session != nullptr && session->may_upgrade())
      session->on_probe(websockets_, query, std::move(socket), received);
    return;
  }
  engine_session& session = make_session(*query.revision);
  const session_handle handle = session.handle();
  counters_.by_websocket.add();
  if (!session.open_websocket(websockets_, query, std::move(socket), received,
                              make_user_(session, request))) {
    counters_.by_websocket.take();
    discard(handle);
  }
}

engine_session& engine_server::make_session(protocol::engine_revision revision) {
  std::uint32_t number = 0;
  if (free_slots_.empty()) {
    number = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    number = free_slots_.back();
    free_slots_.pop_back();
  }
  slot& place = slots_[number];
  place.session = std::make_unique<engine_session>(
      static_cast<engine_host&>(*this), session_id::make(shard_->index(), number),
      session_handle{number, place.generation}, revision);
  ++sessions_;
  counters_.opened.add();
  return *place.session;
}

engine_session* engine_server::find(session_handle handle) const {
  if (handle.slot >= slots_.size() || slots_[handle.slot].generation != handle.generation)
    return nullptr;
  return slots_[handle.slot].session.get();
}

engine_session* engine_server::find(const session_id& id) const {
  if (id.shard() != shard_->index() || id.slot() >= slots_.size())
    return nullptr;
  engine_session* const session = slots_[id.slot()].session.get();
  return session != nullptr && session->id() == id ? session : nullptr;
}

void engine_server::discard(session_handle handle) {
  slot& place = slots_[handle.slot];
  retired_.push_back(std::move(place.session));
  ++place.generation;
  free_slots_.push_back(handle.slot);
  --sessions_;
  if (retired_.size() == 1)
    shard_->post([this] { retired_.clear(); });
  if (draining_ && sessions_ == 0 && drained_)
    shard_->post(std::exchange(drained_, nullptr));
}

bool engine_server::admits_packet(packet_budget& of) {
  return options_.max_packets == 0 ||
         of.take(options_.max_packets, clock::now().time_since_epoch());
}

void engine_server::retire(engine_session& which, transport_kind last, end_reason why) {
  (last == transport_kind::websocket ? counters_.by_websocket : counters_.by_polling).take();
  counters_.ended[static_cast<std::size_t>(why)].add();
  if (const auto limit = limit_of(why))
    refused_->add(*limit, which.address(), to_string(why));
  discard(which.handle());
}

void engine_server::upgraded() {
  counters_.by_polling.take();
  counters_.by_websocket.add();
}

void engine_server::see_off(std::unique_ptr<websocket_transport> ended) {
  const clock::time_point now = clock::now();
  // From the loop, as it may be this very socket that is being served.
  const clock::time_point sweep = ended->finished() ? now : now + sweep_every;
  leaving_.keep(std::move(ended), now);
  if (sweep < next_sweep_) {
    next_sweep_ = sweep;
    set_timer(next_sweep_);
  }
}

void engine_server::end_later(engine_session& which, end_reason why) {
  if (planned_ends_.empty())
    shard_->post([this] { run_planned_ends(); });
  planned_ends_.push_back({which.handle(), why});
}

void engine_server::run_planned_ends() {
  const std::vector<planned_end> planned = std::exchange(planned_ends_, {});
  for (const planned_end& each : planned) {
    if (engine_session* const session = find(each.who))
      session->end(each.why);
  }
}

void engine_server::relieve() {
  leaving_.let_go();
  queued_.relieve(
      slots_, [](const slot& of) { return of.session ? of.session->waiting() : std::size_t{0}; },
      [](const slot& of) { of.session->end(end_reason::too_slow); });
  leaving_.let_go();
}

std::string engine_server::open_packet(const engine_session& of) const {
  const bool four = of.revision() == protocol::engine_revision::four;
  std::string packet = R"(0{"sid":")";
  packet.append(of.id().text())
      .append(R"(","upgrades":)")
      .append(of.by_websocket() ? "[]" : R"(["websocket"])");
  packet.append(R"(,"pingInterval":)").append(std::to_string(options_.ping_interval.count()));
  packet.append(R"(,"pingTimeout":)").append(std::to_string(options_.ping_timeout.count()));
  if (four)
    packet.append(R"(,"maxPayload":)").append(std::to_string(options_.max_payload));
  return packet.append("}");
}

void engine_server::arm(patience which, deadline& what) {
  deadline_list& list = deadlines_[static_cast<std::size_t>(which)];
  const clock::time_point now = clock::now();
  // The time to answer a heartbeat begins when that was due, so that a little lateness does not add
  // up; but not so that a shard which was held up ends those that it never asked.
  list.arm(what, which == patience::answer
                     ? std::max(served_due_, now - options_.ping_timeout / most_lateness)
                     : now);
  set_timer(list.next_due());
}

// Clients wait exactly as long as they were told, and may be faster than the timer.
void engine_server::expire() {
  if (timer_due_ <= clock::now())
    on_timer();
}

void engine_server::set_timer(clock::time_point due) {
  if (due >= timer_due_)
    return;
  timer_due_ = due;
  timer_.expires_at(due);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error)
      on_timer();
  });
}

void engine_server::on_timer() {
  const clock::time_point now = clock::now();
  timer_due_ = clock::time_point::max();
  for (std::size_t which = 0; which < deadlines_.size(); ++which) {
    deadline_list& list = deadlines_[which];
    while (!list.empty()) {
      served_due_ = list.next_due();
      engine_session* const session = list.take_due(now);
      if (session == nullptr)
        break;
      session->on_deadline(static_cast<patience>(which));
    }
  }
  if (next_sweep_ <= now) {
    leaving_.sweep(now);
    next_sweep_ = leaving_.empty() ? clock::time_point::max() : now + sweep_every;
  }
  clock::time_point due = next_sweep_;
  for (const deadline_list& list : deadlines_) {
    if (!list.empty())
      due = std::min(due, list.next_due());
  }
  if (due != clock::time_point::max())
    set_timer(due);
}

void engine_server::abort_poll(const session_id& id) {
  if (engine_session* const session = find(id))
    session->on_poll_aborted();
}

void engine_server::drain(std::chrono::milliseconds spread, std::function<void()> done) {
  draining_ = true;
  drained_ = std::move(done);
  if (sessions_ == 0) {
    shard_->post(std::exchange(drained_, nullptr));
    return;
  }
  const auto steps = static_cast<std::size_t>(std::max<std::int64_t>(1, spread / drain_step));
  drain_some(sessions_ / steps + 1);
}

void engine_server::drain_some(std::size_t each_time) {
  for (std::size_t ended = 0; drain_at_ < slots_.size() && ended < each_time; ++drain_at_) {
    if (engine_session* const session = slots_[drain_at_].session.get()) {
      session->end(end_reason::draining);
      ++ended;
    }
  }
  if (drain_at_ == slots_.size())
    return;
  drain_timer_.expires_after(drain_step);
  drain_timer_.async_wait([this, each_time](const boost::system::error_code& error) {
    if (!error)
      drain_some(each_time);
  });
}

}  // namespace flowcast::realtime
