#include "http/router.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <variant>

#include <boost/beast/core/string.hpp>

#include "auth/bearer.hpp"
#include "auth/feathers_login.hpp"
#include "auth/observer_access.hpp"
#include "http/body.hpp"
#include "http/digest.hpp"
#include "http/door.hpp"
#include "http/pages.hpp"
#include "http/rest.hpp"
#include "protocol/json_scanner.hpp"
#include "protocol/json_writer.hpp"
#include "realtime/engine_query.hpp"

namespace flowcast::http {

namespace {

bool wants_page(const request& in) {
  return in.accept.empty() || in.accept.find("html") != std::string::npos ||
         in.accept.find("*/*") != std::string::npos;
}

// Of the protocols that a client offers: a browser that offers some, and hears of none, breaks the
// connection off. None of them means anything here, and Node too takes the first.
std::string_view first_protocol(std::string_view offered) {
  const std::string_view first = offered.substr(0, offered.find(','));
  return first.find_first_of(" \t") == std::string_view::npos ? first : std::string_view();
}

response to_response(realtime::engine_response made) {
  response out;
  out.status = made.status;
  out.content_type = made.content_type;
  out.body = std::move(made.body);
  out.headers = "Cache-Control: no-store\r\n";
  return out;
}

bool is_login(std::string_view path) {
  path.remove_prefix(std::min<std::size_t>(path.size(), 1));
  return path == auth::login_service;
}

// Of a Host header: an address, or this machine's own name.
bool is_own_name(std::string_view host) {
  if (host.starts_with('[')) {
    return true;
  }
  host = host.substr(0, host.find(':'));
  return host == "localhost" ||
         (!host.empty() && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

// Whether a web page of any origin may have sent it without telling which: a script's address
// (JSONP), or one of the page's own origin, whose name somebody has pointed here. With a websocket
// browsers always tell.
bool tells_no_page(const request& in, const realtime::engine_query& query) {
  return query.jsonp || (in.origin.empty() && !in.upgrade && !is_own_name(in.host));
}

records::errc code_of(unsigned status) {
  switch (status) {
    case 408:
      return records::errc::timeout;
    case 413:
      return records::errc::payload_too_large;
    case 501:
      return records::errc::not_implemented;
    default:
      return records::errc::bad_request;
  }
}

}  // namespace

router::router(door& owner, const site& about, realtime::endpoint& engine)
    : owner_(owner), about_(about), engine_(engine) {}

void router::serve(connection& on) {
  const request& in = on.in();
  const std::string_view path = in.path();
  if (in.verb == verb::options) {
    response made;
    made.status = 204;
    cross_origin::append_preflight(made.headers, in);
    respond(on, made, owner_.options().serves_engine(path));
    return;
  }
  if (owner_.options().serves_engine(path)) {
    serve_engine(on);
    return;
  }
  const bool reads = in.verb == verb::get || in.verb == verb::head;
  if (reads && path == "/" && wants_page(in)) {
    respond(on, about_.landing.answer_to(in, on.is_secure()));
  } else if (reads && path == "/healthz") {
    respond(on, {200, text_type, "ok\n", "Cache-Control: no-store\r\n"});
  } else if (reads && path == "/readyz") {
    respond(on, readiness());
  } else if (reads && path == "/metrics") {
    serve_metrics(on);
  } else if (reads && (path == "/status" || path.starts_with("/status/"))) {
    serve_status(on);
  } else {
    serve_call(on);
  }
}

void router::serve_engine(connection& on) {
  request& in = on.in();
  realtime::engine_request request;
  request.method = in.method;
  request.path = in.path();
  request.query = in.query();
  request.binary_body = in.content_type.starts_with("application/octet-stream");
  request.body = std::move(in.body);
  request.origin = in.origin;
  request.authorization = in.authorization;
  request.address = address_of(on);
  const realtime::engine_query query = realtime::engine_query::parse(in.query());
  request.may_look = observing_of(on);
  if (tells_no_page(in, query)) {
    request.may_look = about_.auth.on() ? std::min(request.may_look, realtime::observing::by_right)
                                        : realtime::observing::nowhere;
  }
  request.upgrade = in.upgrade && boost::beast::iequals(in.upgrade_to, "websocket");
  if (request.upgrade) {
    open_websocket(on, std::move(request));
    return;
  }
  if (query.jsonp && !about_.origins.allows_any()) {
    about_.refused.add(operations::rejection::origin, request.address,
                       "JSONP, which tells no origin, is off where allow-origin names some");
    respond(on,
            {403,
             text_type,
             "JSONP tells no origin, and the server's allow-origin setting names those that may "
             "call it\n",
             {}},
            true);
    return;
  }
  // The browser keeps the answer from the page.
  if (!about_.origins.allows(in.origin) && !query.has_sid) {
    count_origin(on);
  }
  if (const auto limit = query.has_sid ? std::nullopt : admit_session(request)) {
    turn_away(on, request, *limit);
    return;
  }
  // May answer before it returns, and the connection may end with that.
  const connection_id id = on.id();
  auto poll =
      engine_.serve(std::move(request), [owner = &owner_, id](realtime::engine_response made) {
        owner->deliver(id, std::move(made));
      });
  if (poll) {
    if (connection* still = owner_.find(id)) {
      still->keep(std::move(poll));
    }
  }
}

void router::turn_away(connection& on, const realtime::engine_request& request,
                       operations::rejection limit) {
  about_.refused.add(limit, request.address, "there is no room for another session");
  response full{503, text_type, "there is no room for another session\n", "Retry-After: 10\r\n"};
  full.close = true;
  respond(on, full, true);
}

// A session that polls stays when its connection goes: it takes a place of its own, or anybody
// could open any number of them and go away.
std::optional<operations::rejection> router::admit_session(realtime::engine_request& request) {
  auto place = about_.limits.places.admit(request.address);
  if (!place) {
    return place.error();
  }
  request.place = *std::move(place);
  return std::nullopt;
}

void router::open_websocket(connection& on, realtime::engine_request request) {
  const auto end_with = [&](response made) {
    made.close = true;
    respond(on, made, true);
  };
  if (!about_.origins.allows(request.origin) && !is_own_page(on.in())) {
    count_origin(on);
    end_with({403,
              text_type,
              "this origin may not connect: the server's allow-origin setting names those that "
              "may\n",
              {}});
    return;
  }
  const struct request& in = on.in();
  if (in.verb != verb::get || in.http_1_0) {
    end_with({400, text_type, "A websocket is opened with GET and HTTP/1.1", {}});
    return;
  }
  if (in.websocket_version != "13" || !is_websocket_key(in.websocket_key)) {
    const bool version = in.websocket_version == "13";
    end_with({400, text_type,
              version ? "Missing or invalid Sec-WebSocket-Key header"
                      : "Missing or invalid Sec-WebSocket-Version header",
              version ? "" : "Sec-WebSocket-Version: 13\r\n"});
    return;
  }
  if (auto refused = engine_.refuse_websocket(request)) {
    end_with(to_response(std::move(*refused)));
    return;
  }
  // What a proxy forwards was no client's yet when it was accepted.
  std::unique_ptr<realtime::lease> place;
  if (request.address != on.address()) {
    auto entry = about_.limits.places.admit_client(request.address);
    if (!entry) {
      turn_away(on, request, entry.error());
      return;
    }
    place = *std::move(entry);
  }
  std::string answer =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: ";
  answer += websocket_accept(in.websocket_key);
  answer += "\r\n";
  if (const std::string_view first = first_protocol(in.websocket_protocol); !first.empty()) {
    answer += "Sec-WebSocket-Protocol: ";
    answer += first;
    answer += "\r\n";
  }
  about_.origins.append_headers(answer, in, true);
  answer += "\r\n";
  if (auto given = on.switch_protocols(answer)) {
    if (place) {
      given->socket.hold(std::move(place));
    }
    engine_.adopt_websocket(std::move(given->socket), std::move(request),
                            std::move(given->received));
  }
}

void router::serve_call(connection& on) {
  const request& in = on.in();
  std::string address = address_of(on);
  if (in.verb != verb::get && in.verb != verb::head) {
    if (const auto refused = about_.limits.rate.refuse(address)) {
      respond_error(on, *refused);
      return;
    }
    if (about_.events.congested()) {
      owner_.put_off(on.id());
      return;
    }
  }
  call_service(on, std::move(address));
}

void router::resume(connection& on) {
  call_service(on, address_of(on));
}

records::result<auth::identity_ptr> router::caller_of(const request& in) const {
  if (!about_.auth.on()) {
    return auth::identity_ptr();
  }
  const std::string_view token = auth::token_in_header(in.authorization);
  return token.empty() ? about_.auth.anonymous() : about_.auth.authenticate(token);
}

// Feathers' `authentication` over REST: POST logs in, DELETE logs out, of which nothing stays here.
void router::serve_login(connection& on) {
  request& in = on.in();
  if (in.verb == verb::remove) {
    const std::string token(auth::token_in_header(in.authorization));
    const auto who = caller_of(in);
    if (!who) {
      respond(on, error_response(in, who.error()));
    } else {
      respond(on, answer_to(in, services::answer{token.empty() ? auth::logout_json(**who)
                                                               : auth::login_json(token, **who)}));
    }
    return;
  }
  if (in.verb != verb::post) {
    respond(on, error_response(in, {records::errc::method_not_allowed,
                                    "Method `" +
                                        std::string(in.verb == verb::get || in.verb == verb::head
                                                        ? "find"
                                                        : in.method) +
                                        "` is not supported by this endpoint: to log in, POST "
                                        "{\"strategy\":\"jwt\",\"accessToken\":…}",
                                    {},
                                    {}}));
    return;
  }
  const auto document = read_document_text(in, owner_.options().max_body);
  if (!document) {
    respond_error(on, document.error());
    return;
  }
  const protocol::json_scan scan = protocol::scan_json(*document);
  const auto known = auth::log_in(about_.auth, scan.value);
  if (!known) {
    respond_error(on, known.error());
    return;
  }
  respond(on,
          answer_to(in, services::answer{auth::login_json(auth::token_in(scan.value), **known)}));
}

void router::call_service(connection& on, std::string address) {
  if (about_.auth.on() && is_login(on.in().path())) {
    serve_login(on);
    return;
  }
  auto who = caller_of(on.in());
  if (!who) {
    respond_error(on, who.error());
    return;
  }
  auto read = read_call(on.in(), about_.services, owner_.options().max_body);
  if (const auto* refused = std::get_if<no_call>(&read)) {
    about_.refused.add(refused->answer.status == 404 ? operations::rejection::unknown_service
                                                     : operations::rejection::malformed,
                       address,
                       on.in().method + " " + std::string(on.in().path()) + ": " + refused->why);
    respond(on, refused->answer);
    return;
  }
  auto& made = std::get<rest_call>(read);
  made.service->handle(std::move(made.call), services::caller{std::move(address), *std::move(who)},
                       [owner = &owner_, id = on.id()](records::result<services::answer> given) {
                         owner->deliver(id, std::move(given));
                       });
}

void router::answer(connection& on, records::result<services::answer> given) {
  if (!given) {
    respond_error(on, given.error());
    return;
  }
  respond(on, answer_to(on.in(), std::move(given)));
}

void router::respond_error(connection& on, const records::error& what) {
  if (const auto why = operations::rejection_of(what)) {
    about_.refused.add(*why, address_of(on), what.message);
  }
  respond(on, error_response(on.in(), what));
}

std::string router::address_of(const connection& on) const {
  return about_.limits.proxies.client(on.address(), on.in().forwarded_for);
}

void router::count_origin(connection& on) {
  about_.refused.add(operations::rejection::origin, address_of(on),
                     "the origin " + on.in().origin + " is not among those of allow-origin");
}

// A page that this server gave, or of an origin that allow-origin names. Where nobody is asked who
// they are, a name in Host may be another's that was pointed here; an address may not.
bool router::is_own_page(const request& in) const {
  if (in.origin.empty() || about_.origins.names(in.origin)) {
    return true;
  }
  return in.origin.ends_with("://" + in.host) && (about_.auth.on() || is_own_name(in.host));
}

realtime::observing router::observing_of(const connection& on) const {
  if (!is_own_page(on.in())) {
    return realtime::observing::nowhere;
  }
  switch (on.way()) {
    case observer_way::this_machine:
      return on.in().origin.empty() || is_own_name(on.in().host) ? realtime::observing::allowed
                                                                 : realtime::observing::by_right;
    case observer_way::anybody:
      return realtime::observing::by_right;
    case observer_way::none:
      break;
  }
  // What a proxy on this machine forwards comes from elsewhere, unless it may say from where.
  const bool from_elsewhere =
      !on.in().forwarded_for.empty() && !about_.limits.proxies.trusts(on.address());
  return owner_.options().observed_apart || (from_elsewhere && !about_.auth.on())
             ? realtime::observing::nowhere
             : realtime::observing::by_right;
}

// The page holds nothing of the server: what it shows comes by a connection that asks who it is.
void router::serve_status(connection& on) {
  const std::string_view path = on.in().path();
  response made;
  if (path == "/status") {
    made.content_type = html_type;
    made.body = pages::status;
  } else if (path == "/status/status.css") {
    made.content_type = "text/css; charset=utf-8";
    made.body = pages::status_style;
  } else if (path == "/status/status.js") {
    made.content_type = "text/javascript; charset=utf-8";
    made.body = pages::status_script;
  }
  if (made.body.empty() || observing_of(on) == realtime::observing::nowhere) {
    respond(on, page_not_found(on.in()));
    return;
  }
  made.etag = true;
  made.headers =
      "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
      "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
      "frame-ancestors 'none'\r\n"
      "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
      "Cache-Control: no-cache\r\n";
  owner_.count_answer(200);
  on.respond(made, {});
}

// No web page of another origin reads them, whatever allow-origin says.
void router::serve_metrics(connection& on) {
  const request& in = on.in();
  if (observing_of(on) == realtime::observing::nowhere) {
    respond(on, page_not_found(in));
    return;
  }
  auto who = caller_of(in);
  if (!who) {
    respond_error(on, who.error());
    return;
  }
  if (const auto refused =
          auth::refuse_observer(on.way() == observer_way::this_machine, *who, address_of(on))) {
    respond_error(on, *refused);
    return;
  }
  owner_.count_answer(200);
  on.respond({200, operations::metric_text::media_type, about_.counted.text(),
              "Cache-Control: no-store\r\n"},
             {});
}

void router::answer(connection& on, realtime::engine_response given) {
  respond(on, to_response(std::move(given)), true);
}

void router::refuse(connection& on, unsigned status, std::string_view message,
                    operations::rejection why) {
  about_.refused.add(why, on.address(), message);
  response made = error_response(on.in(), {code_of(status), std::string(message), {}, {}});
  made.status = status;
  made.close = true;
  respond(on, made);
}

void router::count_refusal(const connection& of, operations::rejection why,
                           std::string_view detail) {
  about_.refused.add(why, of.address(), detail);
}

response router::readiness() const {
  response made;
  made.content_type = json_type;
  made.headers = "Cache-Control: no-store\r\n";
  std::string reason;
  if (owner_.is_draining()) {
    reason = "the server is stopping";
  } else if (stores::store_condition store = about_.store.condition(); !store.ready) {
    reason = store.reason.empty() ? "the store is not ready" : std::move(store.reason);
  }
  if (reason.empty()) {
    made.body = R"({"ready":true})";
    return made;
  }
  made.status = 503;
  made.body = R"({"ready":false,"reason":)";
  protocol::append_json_string(made.body, reason);
  made.body += '}';
  return made;
}

void router::respond(connection& on, const response& made, bool credentials) {
  if (about_.log.enabled(operations::severity::debug)) {
    about_.log.debug("answered", {{"method", on.in().method},
                                  {"path", on.in().path()},  // a query may hold a token
                                  {"status", made.status},
                                  {"address", on.address()}});
  }
  owner_.count_answer(made.status);
  headers_.clear();
  about_.origins.append_headers(headers_, on.in(), credentials);
  on.respond(made, headers_);
}

}  // namespace flowcast::http
