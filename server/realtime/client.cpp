#include "realtime/client.hpp"

#include <chrono>
#include <utility>

#include "hub/event_frame.hpp"
#include "protocol/json_writer.hpp"
#include "realtime/allowed_wishes.hpp"
#include "realtime/feathers_call.hpp"
#include "realtime/subscriptions.hpp"

namespace flowcast::realtime {

using protocol::json_value;
using records::errc;
using records::error;

namespace {

std::string quoted(std::string_view content) {
  std::string json;
  protocol::append_json_string(json, content);
  return json;
}

hub::framing framing_of(const engine_session& engine) {
  return engine.revision() == protocol::engine_revision::four ? hub::framing::stamped
                                                              : hub::framing::plain;
}

std::string_view name_of(transport_kind kind) {
  return kind == transport_kind::websocket ? "websocket" : "polling";
}

}  // namespace

// Who the client is; the watch tells it when that ends.
class client::session_login final : public token_watch::login {
 public:
  session_login(client& of, auth::identity_ptr who)
      : login(of.context_->tokens, std::move(who)), client_(&of) {}

 private:
  void on_token_expiring() override {
    const auto expires =
        std::chrono::duration_cast<std::chrono::seconds>(who()->expires->time_since_epoch());
    client_->connection_->emit(R"("token_expiring",{"expires":)" + std::to_string(expires.count()) +
                               "}");
  }
  void on_token_invalid() override { client_->on_token_invalid(); }
  void on_rights_changed(auth::identity_ptr now) override {
    client_->on_rights_changed(std::move(now));
  }

  client* client_;
};

client::client(socket_connection& connection, client_context& context)
    : context_(&context),
      connection_(&connection),
      engine_(&connection.engine()),
      in_main_name_space_(connection.in_main_name_space()),
      listener_(*this, framing_of(connection.engine()), engine_) {}

client::~client() {
  context_->fans.leave(listener_);
}

void client::on_connect(json_value auth) {
  takes_part_ = stamped() && auth.member("partial").is_true();
  auto wishes =
      read_wishes(context_->services, auth.member("subscribe"), context_->limits, grants());
  if (!wishes) {
    refuse(wishes.error());
    return;
  }
  if (context_->auth.on()) {
    if (const auto refused = log_in(auth, *wishes)) {
      refuse(*refused);
      return;
    }
  }
  if (wishes->in_vain()) {
    refuse(wishes->refused.front().why);
    return;
  }
  note_refused(*wishes);
  std::string buffer;
  const json_value offset_given = auth.member("offset");
  auto after = records::parse_offset(offset_given.string(buffer));
  const json_value pid = auth.member("pid");
  // What was published before is what it missed, though this shard may not have looked at it yet.
  context_->events.catch_up(context_->engine.shard());
  says_offsets_ = auth.member("subscribe") || (offset_given && !pid);

  if (auto token = stamped() ? recovery_token::parse(pid.string(buffer)) : std::nullopt) {
    if (!offset_given)
      after = token->joined;
    resumption_ = std::make_unique<resumption>(*context_, listener_, *std::move(token));
    take_over(wishes->granted);
    if (login_)
      allow_only(wishes->granted, *login_->who());
  }
  if (after && stamped()) {
    recover(*after, *std::move(wishes));
    return;
  }
  resumption_.reset();
  join(*wishes);
  accept(false, *wishes);
}

void client::count_refusal(const error& why) {
  if (const auto reason = operations::rejection_of(why))
    context_->refused.add(*reason, address(), why.message);
}

void client::note_refused(const wish_list& wishes) {
  for (const refused_wish& each : wishes.refused) {
    count_refusal(each.why);
    context_->log.info("subscription refused", {{"session", engine().id().name()},
                                                {"address", address()},
                                                {"service", each.service},
                                                {"reason", each.why.message}});
  }
}

void client::refuse(const error& why) {
  count_refusal(why);
  context_->log.info(
      "connection refused",
      {{"session", engine().id().name()}, {"address", address()}, {"reason", why.message}});
  if (stamped()) {
    connection_->refuse(R"({"message":)" + quoted(why.message) + R"(,"data":)" +
                        records::to_json(why) + "}");
  } else {
    connection_->refuse(quoted(why.message));
  }
}

std::optional<error> client::log_in(json_value auth, wish_list& wishes) {
  auto who = who_connects(context_->auth, auth, connection_->session().authorization());
  if (!who)
    return who.error();
  if (takes_part_) {
    refuse_forbidden(wishes, **who);
  } else if (auto refused = refuse_any(wishes.granted, **who)) {
    return refused;
  }
  login_ = std::make_unique<session_login>(*this, *std::move(who));
  return std::nullopt;
}

void client::become(auth::identity_ptr who) {
  context_->log.info("logged in", {{"session", engine().id().name()}, {"subject", who->subject}});
  // Who was present as somebody is not as somebody else.
  if (who->subject != login_->who()->subject)
    leave_services();
  login_->become(std::move(who));
  if (connection_->connected())
    narrow();
}

void client::narrow() {
  realtime::narrow(context_->fans, listener_, context_->services, *login_->who());
}

void client::on_token_invalid() {
  const error why{
      errc::not_authenticated, "Your token has expired or was revoked: get a new one", {}, {}};
  context_->log.info("token no longer valid",
                     {{"session", engine().id().name()}, {"subject", login_->who()->subject}});
  context_->fans.flush(listener_);
  count_refusal(why);
  connection_->emit(R"("token_expired",)" + records::to_json(why));
  connection_->disconnect();
  engine().end_when_drained(end_reason::not_authorized);
}

void client::on_rights_changed(auth::identity_ptr now) {
  login_->become(std::move(now));
  if (connection_->connected())
    narrow();
  // It comes back by itself, misses nothing that it may hear, and is told what it may not.
  engine().end_later(end_reason::rights_changed);
}

void client::take_over(std::vector<subscription_wish>& wishes) {
  const recovery_token& token = resumption_->token();
  const resumable_sessions::memory known =
      resumption_->come_back({&context_->engine, engine().handle()});
  for (const resumable_sessions::subscription& each : known.subscriptions) {
    services::service& of = context_->services.at(each.service);
    if (each.key == resumable_sessions::whole) {
      wishes.push_back({&of, true, {}});
    } else {
      wishes.push_back({&of, false, {each.key}});
    }
  }
  // The connection that it had may look alive still: the network does not always tell.
  if (known.last) {
    known.last->server->with_session(known.last->session,
                                     [](engine_session& old) { old.end(end_reason::replaced); });
  } else if (token.session.shard() < context_->engines.size()) {
    engine_server* const home = context_->engines[token.session.shard()];
    home->shard().post([home, id = token.session] {
      if (engine_session* const old = home->find(id))
        old->end(end_reason::replaced);
    });
  }
}

void client::leave_services() {
  if (!calls_)
    return;
  // To the services, who calls from now on is another.
  const services::session_number was = std::exchange(calls_->session, services::new_session());
  for (const auto& each : context_->services.all())
    each->left(was);
}

void client::recover(const records::offset& after, wish_list wishes) {
  std::vector<stores::log_filter> wanted = filters_of(context_->services, wishes.granted);
  if (login_)
    allow_only(wanted, context_->services, *login_->who());
  // By its pid alone, a client of which nothing is remembered hears what broadcasts. Where nothing
  // does, it had keys.
  if (resumption_ && wanted.empty() && wishes.granted.empty()) {
    context_->log.info("not recovered: what it subscribed to is forgotten",
                       {{"session", engine().id().name()}});
    resumption_.reset();
    join(wishes);
    accept(false, {});
    return;
  }
  const bool counts_from_answer = resumption_ && !says_offsets_;
  recovery_ = std::make_unique<recovery>(
      *context_, engine(), listener_, static_cast<recovery_user&>(*this),
      counts_from_answer ? recovery::answering::in_one_piece : recovery::answering::last);
  recovery_->start(after, std::move(wishes), std::move(wanted), login_ ? login_->who() : nullptr);
}

void client::on_missed(std::string_view frames) {
  write_all(frames);
}

void client::on_caught_up(const wish_list& wishes) {
  join(wishes);
}

void client::on_answer_due() {
  accept(true, {});  // it did not say keys, and is told no state
}

void client::on_recovered(bool whole) {
  const std::unique_ptr<recovery> done = std::move(recovery_);
  if (!whole)
    resumption_.reset();
  if (!done->answered())
    accept(whole, done->wishes(), whole ? done->take_held() : std::string());
  context_->fans.release(listener_);
  done->postponed().give([this](const socket_event& each) {
    handle(each);
    return connection_->connected() && !engine().ended();
  });
}

void client::join(const wish_list& wishes) {
  context_->fans.join(listener_);
  if (login_)
    narrow();
  for (const subscription_wish& each : wishes.granted)
    apply(each, true);
}

void client::accept(bool recovered, const wish_list& wishes, std::string ahead) {
  const records::offset head = context_->fans.head();
  std::string reply;
  if (stamped()) {
    if (!resumption_) {
      resumption_ = std::make_unique<resumption>(*context_, listener_,
                                                 recovery_token::make(engine().id(), head));
    }
    const recovery_token& token = resumption_->token();
    reply = R"({"sid":")" + token.sid + R"(","pid":")" + token.text() + '"';
    if (says_offsets_) {
      reply.append(R"(,"offset":")").append(records::to_string(head));
      reply.append(R"(","recovered":)").append(recovered ? "true" : "false");
      if (const std::string states = states_of(wishes.granted); !states.empty())
        reply.append(R"(,"state":)").append(states);
      if (!wishes.refused.empty())
        reply.append(R"(,"refused":)").append(to_json(wishes.refused));
      // It says all again when it comes back.
      resumption_.reset();
    }
    reply.push_back('}');
  }
  // It is another's pid that its keys were known by.
  if (resumption_ && !wishes.granted.empty())
    resumption_->remember();
  if (!in_main_name_space_)
    send_in_name_space(std::exchange(ahead, {}));
  connected_at_ = std::chrono::duration_cast<std::chrono::milliseconds>(
                      std::chrono::system_clock::now().time_since_epoch())
                      .count();
  context_->clients.push_front(*this);
  connection_->accept(reply, std::move(ahead));
  context_->log.info("connected", {{"session", engine().id().name()},
                                   {"address", address()},
                                   {"transport", name_of(engine().kind())},
                                   {"keys", listener_.subscriptions()}});
}

void client::on_event(const socket_event& event) {
  if (!recovery_) {
    handle(event);
    return;
  }
  if (!recovery_->postpone(event))
    engine().end_later(end_reason::too_large);
}

void client::handle(const socket_event& event) {
  std::string buffer;
  const std::string_view name = event.arguments.element(0).string(buffer);
  if (name == "subscribe" || name == "unsubscribe") {
    change_subscriptions(event, name == "subscribe");
    return;
  }
  if (auto change =
          login_ ? read_login_event(context_->auth, *login_->who(), event) : std::nullopt) {
    change_login(event, *std::move(change));
  } else if (is_feathers_call(name)) {
    call(event);
  }
  // Nobody listens to any other, as with the reference server.
}

void client::change_login(const socket_event& event, records::result<login_change> to) {
  if (!to) {
    answer(event.ack_id, to.error());
    return;
  }
  wish_list kept;
  if (takes_part_) {
    kept.granted = chosen_by(listener_, context_->services);
    // What it could not hear before is no news.
    refuse_forbidden(kept, *login_->who());
    kept.refused.clear();
    refuse_forbidden(kept, *to->who);
  }
  become(std::move(to->who));
  if (!kept.refused.empty()) {
    to->answer.pop_back();  // the end of an object
    to->answer.append(R"(,"refused":)").append(to_json(kept.refused)) += '}';
  }
  answer(event.ack_id, services::answer{std::move(to->answer)});
}

void client::call(const socket_event& event) {
  auto request =
      read_feathers_call(event, context_->services, context_->engine.options().max_payload);
  if (!request) {
    answer(event.ack_id, request.error());
    return;
  }
  if (!services::is_read(request->what.what)) {
    if (const auto refused = context_->rate.refuse(std::string(address()))) {
      answer(event.ack_id, *refused);
      return;
    }
  }
  if (!calls_)
    calls_ = std::make_shared<calls>(calls{this, services::new_session()});
  services::caller who;
  who.address = std::string(address());
  who.session = calls_->session;
  if (login_)
    who.who = login_->who();
  request->to->handle(std::move(request->what), who,
                      [shard = &context_->engine.shard(), self = std::weak_ptr(calls_),
                       ack_id = event.ack_id](records::result<services::answer> with) {
                        shard->post([self, ack_id, with = std::move(with)] {
                          if (const auto here = self.lock())
                            here->of->answer(ack_id, with);
                        });
                      });
}

void client::answer(std::optional<std::uint64_t> ack_id,
                    const records::result<services::answer>& with) {
  if (!with)
    count_refusal(with.error());
  acknowledge(ack_id, with ? "null," + with->json : records::to_json(with.error()));
}

void client::acknowledge(std::optional<std::uint64_t> ack_id, std::string_view arguments) {
  if (!ack_id || !connection_->connected())
    return;
  // The events of a call come before its answer.
  context_->fans.flush(listener_);
  connection_->acknowledge(*ack_id, arguments);
}

records::result<wish_list> client::read_subscription(const socket_event& event,
                                                     bool subscribe) const {
  const auto of = find_service(context_->services, event.arguments.element(1));
  if (!of) {
    if (!takes_part_)
      return of.error();
    std::string buffer;
    wish_list none;
    refuse_in_part(none.refused, std::string(event.arguments.element(1).string(buffer)),
                   std::nullopt, of.error());
    return none;
  }
  auto wishes = read_wish(**of, event.arguments.element(2), context_->limits, grants(),
                          subscribe ? listener_.subscriptions() : 0);
  if (!wishes || !subscribe || !login_)
    return wishes;
  if (takes_part_) {
    refuse_forbidden(*wishes, *login_->who());
  } else if (const auto refused = refuse_any(wishes->granted, *login_->who())) {
    return *refused;
  }
  return wishes;
}

void client::change_subscriptions(const socket_event& event, bool subscribe) {
  const auto wishes = read_subscription(event, subscribe);
  if (!wishes) {
    answer(event.ack_id, wishes.error());
    return;
  }
  note_refused(*wishes);
  std::string arguments;
  if (stamped())
    arguments.append(R"(,"offset":")").append(records::to_string(context_->fans.head())) += '"';
  for (const subscription_wish& wish : wishes->granted) {
    apply(wish, subscribe);
    context_->log.debug(subscribe ? "subscribed" : "unsubscribed",
                        {{"session", engine().id().name()},
                         {"service", wish.of->name()},
                         {"keys", wish.keys.size()}});
    const bool hears = subscribe && !wish.silent;
    if (const auto state = hears ? wish.of->state_of(wish.keys) : std::nullopt)
      arguments.append(R"(,"state":)").append(*state);
  }
  if (!wishes->refused.empty())
    arguments.append(R"(,"refused":)").append(to_json(wishes->refused));
  if (!arguments.empty())
    arguments.front() = '{';
  acknowledge(event.ack_id, "null," + (arguments.empty() ? "{" : arguments) + "}");
}

void client::apply(const subscription_wish& wish, bool subscribe) {
  if (subscribe) {
    realtime::subscribe(context_->fans, listener_, wish);
  } else {
    realtime::unsubscribe(context_->fans, listener_, wish);
  }
  // What it has recovered is remembered already.
  if (resumption_ && connection_->connected() && !recovery_)
    resumption_->remember(wish, subscribe);
}

void client::on_ack(std::uint64_t /*ack_id*/, const socket_event& /*answer*/) {
  // Events are sent without asking for one.
}

void client::on_writable() {
  context_->fans.resume(listener_);
  if (recovery_)
    recovery_->read_on();
}

client_status client::describe(std::size_t most_keys) const {
  client_status made;
  made.session = engine().id().name();
  made.address = address();
  if (login_)
    made.subject = login_->who()->subject;
  made.transport = name_of(engine().kind());
  made.connected_at = connected_at_;
  realtime::describe(made, listener_, context_->services, login_ ? login_->who().get() : nullptr,
                     most_keys);
  return made;
}

void client::on_disconnect(end_reason why) {
  unlink();
  context_->fans.leave(listener_);
  leave_services();
  recovery_.reset();
  resumption_.reset();
  calls_.reset();
  login_.reset();
  context_->log.info(
      "disconnected",
      {{"session", engine().id().name()}, {"address", address()}, {"reason", to_string(why)}});
}

std::size_t client::write_some(std::string_view frames) {
  if (in_main_name_space_)
    return engine_->write_some(frames);
  send_in_name_space(frames);
  return frames.size();
}

void client::write_all(std::string_view frames) {
  if (in_main_name_space_) {
    engine().write_all(frames);
  } else {
    send_in_name_space(frames);
  }
}

void client::send_in_name_space(std::string_view frames) {
  constexpr std::string_view event_packet = "42";
  hub::frame_reader reader(frames);
  for (std::string_view each = reader.next(); !each.empty(); each = reader.next()) {
    std::string packet(event_packet);
    packet.append(connection_->name_space()).push_back(',');
    engine().send_text(packet.append(each.substr(event_packet.size())));
  }
}

void client::overrun(std::string_view rest) {
  engine().write_all(rest);
  engine().end_later(end_reason::too_slow);
}

}  // namespace flowcast::realtime
