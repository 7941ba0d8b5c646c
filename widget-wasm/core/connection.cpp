#include "core/connection.hpp"

#include <algorithm>
#include <cstddef>

#include "core/text.hpp"
#include "protocol/json_scanner.hpp"

namespace flowcast::core {
namespace {

using namespace std::string_view_literals;
using protocol::json_kind;
using protocol::json_value;

constexpr milliseconds attempt_limit = 20'000;
constexpr milliseconds shortest_wait = 1'000;
constexpr milliseconds longest_wait = 30'000;
constexpr milliseconds held_long_enough = 5'000;
constexpr milliseconds linger = 1'000;
constexpr milliseconds pulse = 1'000;
constexpr milliseconds late = 2'000;
constexpr milliseconds probe_limit = 1'000;
constexpr milliseconds longest_heartbeat = 600'000;

// What any server answers and nothing comes of: there is no service without a name. The hub numbers
// its own questions from 1.
constexpr std::string_view question = R"(420["find",""])";

// An integer from a server, within reason.
milliseconds number_or(const json_value& value, milliseconds fallback, milliseconds lowest,
                       milliseconds highest) {
  std::uint32_t number = 0;
  std::string_view text = value.text();
  if (!take_number(text, number) || !text.empty()) {
    return fallback;
  }
  return std::clamp(static_cast<milliseconds>(number), lowest, highest);
}

cause cause_of_close(int code, bool joined) {
  switch (code) {
    case closed_oversized:
    case 1009:
      return cause::oversized;
    case closed_insecure:
      return cause::insecure;
    case closed_policy:
      return cause::policy;
    case closed_url:
      return cause::url;
    case 1013:
      return cause::busy;
    case 1006:
      return joined ? cause::lost : cause::unreachable;
    default:
      return cause::closed;
  }
}

// A Feathers error: {"name","message","code",…}.
cause cause_of_refusal(const json_value& error) {
  std::string_view text = error.member("code"sv).text();
  std::uint32_t code = 0;
  static_cast<void>(take_number(text, code));
  switch (code) {
    case 401:
      return cause::token;
    case 403:
      return cause::forbidden;
    case 404:
      return cause::service;
    case 429:
    case 503:
      return cause::busy;
    default:
      return cause::rejected;
  }
}

}  // namespace

void connection::want(bool wanted, milliseconds now) {
  wanted_ = wanted;
  if (wanted) {
    linger_until_ = never;
    if (stage_ == stage::rest && !away_) {
      failures_ = 0;
      open(now);
    }
  } else if (stage_ != stage::rest) {
    linger_until_ = std::min(linger_until_, now + linger);
  }
}

void connection::leave_page() {
  away_ = true;
  rest();
}

void connection::wake(milliseconds now) {
  away_ = false;
  hidden_ = false;
  switch (stage_) {
    case stage::rest:
      if (wanted_) {
        open(now);
      }
      break;
    case stage::waiting:
      failures_ = 0;
      open(now);
      break;
    case stage::opening:
    case stage::greeting:
    case stage::joining:
      if (now - began_ > late) {
        restart(now);
      }
      break;
    case stage::joined:
      if (now >= deadline_) {
        restart(now);
        break;
      }
      pulse_due_ = now + pulse;
      if (probe_until_ == never) {
        page_.send_text(question);
        probe_until_ = now + probe_limit;
      }
      break;
  }
}

void connection::rejoin(milliseconds now) {
  if (stage_ == stage::waiting || stage_ >= stage::joining) {
    restart(now);
  }
}

void connection::restart(milliseconds now) {
  drop_socket();
  failures_ = 0;
  open(now);
}

void connection::open(milliseconds now) {
  stage_ = stage::opening;
  began_ = now;
  deadline_ = now + attempt_limit;
  if (shown_state_ == connection_state::failed && shown_cause_ == cause::none) {
    show(connection_state::connecting, cause::none, {});
  }
  page_.log(note::connecting, {});
  page_.open_socket();
}

void connection::drop_socket() {
  if (stage_ >= stage::opening) {
    page_.close_socket();
  }
  stop_timers();
}

void connection::stop_timers() {
  probe_until_ = never;
  pulse_due_ = never;
  ping_due_ = never;
}

void connection::opened() {
  if (stage_ == stage::opening) {
    stage_ = stage::greeting;
  }
}

void connection::closed(int code, std::string_view reason, milliseconds now) {
  if (stage_ < stage::opening) {
    return;
  }
  if (code == closed_oversized) {
    drop_socket();  // the host has told of a message, not of the socket's end
  }
  fail(cause_of_close(code, joined()), reason, now);
}

// For an end that is not ours, or after drop_socket().
void connection::fail(cause why, std::string_view detail, milliseconds now) {
  if (joined() && now - began_ >= held_long_enough) {
    failures_ = 0;
  }
  milliseconds span = longest_wait;
  if (!needs_a_person(why) && failures_ < 5) {
    span = shortest_wait * (1U << failures_);
  }
  span *= 1 - page_.random_fraction() / 2;
  ++failures_;
  stage_ = stage::waiting;
  stop_timers();
  deadline_ = needs_another_page(why) ? never : now + span;
  page_.log(note::disconnected, detail);
  show(needs_another_page(why) ? connection_state::failed
       : needs_a_person(why)   ? connection_state::refused
                               : connection_state::disconnected,
       why, detail);
}

void connection::show(connection_state state, cause why, std::string_view detail) {
  if (state != shown_state_ || why != shown_cause_) {
    shown_state_ = state;
    shown_cause_ = why;
    page_.show_status(state, why, detail);
  }
}

void connection::heard(milliseconds now) {
  if (stage_ == stage::joined) {
    deadline_ = now + patience_;
  }
  probe_until_ = never;
}

incoming connection::reject(milliseconds now) {
  drop_socket();
  fail(cause::protocol, {}, now);
  return {};
}

incoming connection::received(std::string_view packet, milliseconds now) {
  if (stage_ < stage::greeting) {
    return {};
  }
  heard(now);
  if (packet.empty()) {
    return reject(now);
  }
  std::string_view text = packet;
  text.remove_prefix(1);
  switch (packet.front()) {
    case '0':
      return greeting(text, now);
    case '1':
      drop_socket();
      fail(cause::closed, {}, now);
      return {};
    case '2':
      page_.send_text("3"sv);
      return {};
    case '4':
      return message(text, now);
    case '3':
    case '6':
    case 'b':
      return {};
    default:
      return reject(now);
  }
}

// Engine.IO: {"sid","upgrades","pingInterval","pingTimeout","maxPayload"}.
incoming connection::greeting(std::string_view text, milliseconds now) {
  const protocol::json_scan scan = protocol::scan_json(text);
  if (stage_ != stage::greeting || !scan || !scan.value.member("sid"sv).is(json_kind::string)) {
    return reject(now);
  }
  ping_interval_ = number_or(scan.value.member("pingInterval"sv), 25'000, 100, longest_heartbeat);
  patience_ = ping_interval_ +
              number_or(scan.value.member("pingTimeout"sv), 20'000, 100, longest_heartbeat);
  stage_ = stage::joining;
  return {.what = incoming::kind::greeted, .body = scan.value, .ack_id = 0};
}

// Socket.IO: type, "/namespace,", acknowledgement id, JSON.
incoming connection::message(std::string_view text, milliseconds now) {
  if (stage_ < stage::joining || text.empty()) {
    return reject(now);
  }
  const char type = text.front();
  text.remove_prefix(1);
  if (type == '5' || type == '6' || (!text.empty() && text.front() == '/')) {
    return {};  // attachments and other namespaces: nothing that we asked for
  }
  incoming result;
  static_cast<void>(take_number(text, result.ack_id));
  if (!text.empty()) {
    const protocol::json_scan scan = protocol::scan_json(text);
    if (!scan) {
      return reject(now);
    }
    result.body = scan.value;
  }
  switch (type) {
    case '0':
      if (stage_ != stage::joining) {
        return {};
      }
      stage_ = stage::joined;
      began_ = now;
      heard(now);
      pulse_due_ = now + pulse;
      if (!result.body) {
        ping_due_ = now + ping_interval_;
      }
      result.what = incoming::kind::joined;
      return result;
    case '1':
      drop_socket();
      fail(cause::closed, {}, now);
      return {};
    case '2':  // also while joining: what was missed is replayed before the connect reply
    case '3':
      if (!result.body.is(json_kind::array)) {
        return reject(now);
      }
      if (type == '2') {
        result.what = incoming::kind::event;
      } else if (result.ack_id != 0) {
        result.what = incoming::kind::ack;
      }
      return result;
    case '4': {
      const json_value& error = result.body;
      const json_value data = error.member("data"sv);
      const cause why = cause_of_refusal(data.is(json_kind::object) ? data : error);
      text_buffer buffer;
      drop_socket();
      fail(why, string_of(error.member("message"sv), buffer), now);
      return {};
    }
    default:
      return reject(now);
  }
}

void connection::refuse(const json_value& error, milliseconds now, bool told) {
  text_buffer buffer;
  const cause why = cause_of_refusal(error);
  const std::string_view said = string_of(error.member("message"sv), buffer);
  if (why == cause::busy) {
    drop_socket();
    fail(why, said, now);
  } else if (!told) {
    show(connection_state::refused, why, said);
  }
}

void connection::token_expired(const json_value& error, milliseconds now) {
  text_buffer buffer;
  drop_socket();
  fail(cause::token, string_of(error.member("message"sv), buffer), now);
}

milliseconds connection::due() const {
  const milliseconds pulse_due = hidden_ ? never : pulse_due_;
  return std::min({deadline_, linger_until_, pulse_due, probe_until_, ping_due_});
}

void connection::tick(milliseconds now) {
  const milliseconds expected = due();
  if (now < expected) {
    return;
  }
  const bool woke = now - expected > late && !hidden_;
  const bool no_sign_of_life = now >= probe_until_;
  if (now >= linger_until_) {
    rest();
    shown_state_ = connection_state::failed;  // who comes next is told all from the beginning
    shown_cause_ = cause::none;
  } else if (no_sign_of_life || (woke && (!joined() || now >= deadline_))) {
    restart(now);
  } else if (now >= deadline_) {
    miss_deadline(now);
  } else if (now >= ping_due_) {
    page_.send_text("2"sv);
    ping_due_ = now + ping_interval_;
  } else {
    pulse_due_ = now + pulse;
    if (woke) {
      wake(now);
    }
  }
}

void connection::miss_deadline(milliseconds now) {
  switch (stage_) {
    case stage::waiting:
      open(now);
      break;
    case stage::opening:
      drop_socket();
      fail(cause::unreachable, {}, now);
      break;
    default:
      drop_socket();
      fail(cause::silent, {}, now);
      break;
  }
}

void connection::rest() {
  drop_socket();
  stage_ = stage::rest;
  deadline_ = never;
  linger_until_ = never;
}

}  // namespace flowcast::core
