#include "core/hub.hpp"

#include <algorithm>

namespace flowcast::core {
namespace {

using namespace std::string_view_literals;
using protocol::json_kind;
using protocol::json_value;

constexpr milliseconds together = 10;
// A first connection that took longer than this may have missed what changed since the page read
// its data.
constexpr milliseconds first_in_time = 2'000;

}  // namespace

listener_id hub::add_listener(std::string_view service, std::string_view key_field, text_list own,
                              milliseconds now) {
  if (subscriptions_.empty() && connection_.at_rest()) {
    first_wanted_ = now;
    joined_before_ = false;
    offset_.clear();
  }
  const listener& added = subscriptions_.add(service, key_field, own);
  connection_.want(true, now);
  return added.id;
}

void hub::set_keys(listener_id id, text_list keys, milliseconds now) {
  if (listener* const who = subscriptions_.find(id)) {
    subscriptions_.set_keys(*who, keys);
    changed(now);
  }
}

void hub::set_whole(listener_id id, milliseconds now) {
  if (listener* const who = subscriptions_.find(id)) {
    subscriptions_.set_whole(*who);
    changed(now);
  }
}

void hub::missed(listener_id id, milliseconds now) {
  if (const listener* const who = subscriptions_.find(id)) {
    triggers_.missed(*who, now);
  }
}

void hub::remove_listener(listener_id id, milliseconds now) {
  if (listener* const who = subscriptions_.find(id)) {
    triggers_.remove(*who);
    claims_.remove(*who);
    subscriptions_.remove(*who);
    if (subscriptions_.empty()) {
      connection_.want(false, now);
    }
    changed(now);
  }
}

action_id hub::add_action(listener_id id, text_list what, const action_options& how) {
  listener* const who = subscriptions_.find(id);
  return who != nullptr ? triggers_.add(*who, what, how) : 0;
}

void hub::changed(milliseconds now) {
  if (subscriptions_.changed() && connection_.joined()) {
    tell_due_ = std::min(tell_due_, now + together);
  }
}

void hub::set_token(std::string_view token, milliseconds now) {
  if (token == token_) {
    return;
  }
  token_ = token;
  if (token.empty() || plain_ || refuses_ || !connection_.accepted()) {
    connection_.rejoin(now);
    return;
  }
  login_ = ++last_call_;
  text_buffer packet;
  packet += "42"sv;
  append_number(packet, login_);
  packet += "[\"authenticate\",{\"token\":"sv;
  append_json(packet, token_);
  packet += "}]"sv;
  page_.send_text(packet);
}

void hub::claim(listener_id id, std::string_view key, const claimant& by, claim_level level,
                milliseconds now) {
  if (listener* const who = subscriptions_.find(id)) {
    claims_.set(*who, key, by, level, now);
  }
}

void hub::page_left(milliseconds now) {
  if (connection_.joined()) {
    claims_.give_up_locks(now);
  }
  connection_.leave_page();
}

void hub::socket_closed(int code, std::string_view reason, milliseconds now) {
  connection_.closed(code, reason, now);
}

void hub::socket_received(std::string_view packet, milliseconds now) {
  page_.log(note::received, packet);
  const incoming what = connection_.received(packet, now);
  switch (what.what) {
    case incoming::kind::nothing:
      break;
    case incoming::kind::greeted:
      join();
      break;
    case incoming::kind::joined:
      joined(what.body, now);
      break;
    case incoming::kind::event:
      happened(what.body, now);
      break;
    case incoming::kind::ack:
      acknowledged(what.body, what.ack_id, now);
      break;
  }
}

void hub::join() {
  text_buffer packet;
  packet += "40{\"partial\":true,"sv;
  if (!token_.empty()) {
    packet += "\"token\":"sv;
    append_json(packet, token_);
    packet += ',';
  }
  if (!offset_.empty()) {
    packet += "\"offset\":"sv;
    packet += offset_;
    packet += ',';
  }
  packet += "\"subscribe\":"sv;
  subscriptions_.write_all(packet);
  packet += '}';
  page_.log(note::subscribing, packet);
  page_.send_text(packet);
}

void hub::joined(const json_value& reply, milliseconds now) {
  const bool first_time = !joined_before_ && now - first_wanted_ <= first_in_time;
  const bool recovered = reply.member("recovered"sv).is_true();
  plain_ = !reply.member("offset"sv).is(json_kind::string);
  offset_.clear();
  keep_offset(reply.member("offset"sv));
  joined_before_ = true;
  page_.log(note::connected, recovered ? "recovered"sv : ""sv);
  if (!recovered && !first_time) {
    for (const listener& who : subscriptions_.listeners()) {
      triggers_.missed(who, now);
    }
  }
  const json_value refused = reply.member("refused"sv);
  refuses_ = static_cast<bool>(refused);
  page_.show_refused(refused.text(), true);
  connection_.show_connected(cause::none);
  claims_.joined(reply.member("state"sv), now);
  changed(now);
}

// ["microflow created",{record},"offset"]
void hub::happened(const json_value& packet, milliseconds now) {
  text_buffer name_buffer;
  const std::string_view name = string_of(packet.element(0), name_buffer);
  const std::size_t space = name.rfind(' ');
  latest_ = {};
  keep_offset(packet.element(2));
  if (space != std::string_view::npos) {
    now_ = now;
    record_ = packet.element(1);
    latest_.name = {name.data() + space + 1, name.size() - space - 1};
    latest_.offset = offset_;
    if (!offset_.empty()) {
      latest_.offset.remove_prefix(1);
      latest_.offset.remove_suffix(1);
    }
    latest_.payload = record_.text();
    latest_.record = record_;
    subscriptions_.match({name.data(), space}, record_, *this);
    claims_.happened({name.data(), space}, latest_.name, record_, now);
  } else if (name == "token_expiring"sv) {
    connection_.show_connected(cause::expiring);
  } else if (name == "token_expired"sv) {
    connection_.token_expired(packet.element(1), now);
  }
}

void hub::matched(listener& who, std::string_view key) {
  if (claims_.has(who)) {
    return;  // hears what it comes to, from claims_
  }
  text_buffer buffer;
  text_list own = who.own;
  const std::string_view field = take_text(own);
  const std::string_view value = take_text(own);
  latest_.key = key;
  page_.log(note::matched, key);
  triggers_.happened(who, latest_,
                     !value.empty() && key_text(record_.member(field), buffer) == value, now_);
}

void hub::acknowledged(const json_value& packet, std::uint32_t call, milliseconds now) {
  if (claims_.answered(call, packet, now)) {
    return;
  }
  const json_value error = packet.element(0);
  if (error.is(json_kind::object)) {
    connection_.refuse(error, now, refuses_);
    return;
  }
  page_.log(note::acknowledged, packet.text());
  if (call == login_) {
    connection_.show_connected(cause::none);
  }
  const json_value answer = packet.element(1);
  if (const json_value refused = answer.member("refused"sv)) {
    refuses_ = true;
    page_.show_refused(refused.text(), false);
  }
  keep_offset(answer.member("offset"sv));
  claims_.told(answer.member("state"sv), now);
}

void hub::keep_offset(const json_value& offset) {
  if (!plain_ && offset.is(json_kind::string)) {
    offset_ = offset.text();
  }
}

void hub::tell_changes() {
  text_buffer change;
  while (connection_.joined() && subscriptions_.next_change(change)) {
    if (plain_) {
      continue;
    }
    text_buffer packet;
    packet += "42"sv;
    append_number(packet, ++last_call_);
    packet += change;
    page_.log(note::subscribing, packet);
    page_.send_text(packet);
  }
}

void hub::tick(milliseconds now) {
  connection_.tick(now);
  triggers_.tick(now);
  if (now >= tell_due_) {
    tell_due_ = never;
    tell_changes();
  }
  claims_.tick(now);
  if (connection_.joined()) {
    claims_.send_due(last_call_, now);
  }
}

milliseconds hub::due() const {
  return std::min(std::min(tell_due_, claims_.due(connection_.joined())),
                  std::min(connection_.due(), triggers_.due()));
}

}  // namespace flowcast::core
