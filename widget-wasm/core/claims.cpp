#include "core/claims.hpp"

#include <algorithm>

#include "core/subscriptions.hpp"
#include "core/text.hpp"

namespace flowcast::core {
namespace {

using namespace std::string_view_literals;
using protocol::json_kind;
using protocol::json_value;

constexpr std::string_view locks = "locks";
constexpr std::string_view presence = "presence";

void append_member(text_buffer& out, std::string_view name, std::string_view value) {
  if (!value.empty()) {
    out += name;
    append_json(out, value);
  }
}

}  // namespace

claim_level claims::wanted(const claim& one) {
  if (!one.editing.empty()) {
    return claim_level::editing;
  }
  return one.claimed.empty() ? claim_level::none : claim_level::claimed;
}

claims::claim* claims::find(bool lock, std::string_view key) const {
  for (claim& one : claims_) {
    if (one.lock == lock && one.key.view() == key) {
      return &one;
    }
  }
  return nullptr;
}

void claims::set(listener& who, std::string_view key, const claimant& by, claim_level level,
                 milliseconds now) {
  if (key.empty()) {
    remove(who);
    return;
  }
  const bool lock = who.service->name == locks;
  claim* one = find(lock, key);
  if (one == nullptr) {
    one = &claims_.add();
    one->lock = lock;
    one->key = key;
  }
  const bool is_new = !one->listeners.contains(who);
  remove(who);
  one->listeners.add(who);
  if (level == claim_level::editing) {
    one->editing.add(who);
  }
  if (level != claim_level::none) {
    one->claimed.add(who);
  }
  text_list state = one->state;
  if (is_new && !state.empty()) {
    const std::string_view name = take_text(state);
    triggers_.happened(
        who, {.name = name, .key = key, .payload = state, .record = {}, .offset = {}}, false, now);
  }
  one->id = by.id;
  one->name = by.name;
  one->ttl = by.ttl;
}

void claims::remove(const listener& who) {
  for (claim& one : claims_) {
    one.listeners.remove(who);
    one.claimed.remove(who);
    one.editing.remove(who);
  }
}

bool claims::has(const listener& who) const {
  for (const claim& one : claims_) {
    if (one.listeners.contains(who)) {
      return true;
    }
  }
  return false;
}

void claims::tell(claim& one, std::string_view name, std::string_view payload, milliseconds now) {
  text_buffer state;
  state += name;
  state += '\0';
  state += payload;
  if (state.view() == one.state.view()) {
    return;
  }
  one.state.swap(state);
  for (const listener& who : one.listeners) {
    triggers_.happened(
        who, {.name = name, .key = one.key, .payload = payload, .record = {}, .offset = {}}, false,
        now);
  }
}

// Of presence: the state. Of a lock: a lease that somebody has.
void claims::heard(claim& one, const json_value& record, milliseconds now) {
  if (!one.lock) {
    tell(one, "present"sv, record.text(), now);
    return;
  }
  if (one.asked_at > 0 && record.member("holder"sv).equals(one.id)) {
    return;  // the answer to our own call says more
  }
  const bool was_ours = one.ours_until > now;
  one.ours_until = -never;
  one.due = never;
  if (wanted(one) == claim_level::none) {
    tell(one, "held"sv, record.text(), now);
  } else {
    tell(one, was_ours ? "lost"sv : "refused"sv, record.text(), now);
  }
}

void claims::freed(claim& one, milliseconds now) {
  const bool lost = one.ours_until > now && wanted(one) != claim_level::none;
  one.ours_until = -never;
  one.due = now;
  tell(one, lost ? "lost"sv : "free"sv, {}, now);
}

void claims::joined(const json_value& states, milliseconds now) {
  for (claim& one : claims_) {
    one.due = now;
    one.asked = 0;
    if (!one.lock) {
      one.made = claim_level::none;
    }
    bool found = false;
    const json_value list = states.member(one.lock ? locks : presence);
    for (const json_value& state : list.elements()) {
      if (state.member("key"sv).equals(one.key)) {
        found = true;
        heard(one, state, now);
      }
    }
    if (one.lock && list && !found) {
      freed(one, now);
    }
  }
}

void claims::happened(std::string_view service, std::string_view event, const json_value& record,
                      milliseconds now) {
  if (service != locks && service != presence) {
    return;
  }
  text_buffer buffer;
  claim* const one = find(service == locks, string_of(record.member("key"sv), buffer));
  if (one == nullptr) {
    return;
  }
  if (event == "removed"sv) {
    freed(*one, now);
  } else {
    heard(*one, record, now);
  }
}

void claims::told(const json_value& states, milliseconds now) {
  for (const json_value& state : states.elements()) {
    happened(state.member("holder"sv) ? locks : presence, {}, state, now);
  }
}

bool claims::answered(std::uint32_t call, const json_value& answer, milliseconds now) {
  for (claim& one : claims_) {
    if (one.asked != call) {
      continue;
    }
    one.asked = 0;
    const json_value error = answer.element(0);
    if (error.is(json_kind::object)) {
      const json_value lease = error.member("data"sv);
      if (!lease.member("holder"sv)) {
        return false;
      }
      heard(one, lease, now);
    } else if (!one.lock) {
      heard(one, answer.element(1), now);
    } else if (one.made != claim_level::none) {
      const bool known = one.ours_until != -never;
      one.ours_until = one.asked_at + one.ttl;
      if (!known) {
        tell(one, "mine"sv, answer.element(1).text(), now);
      }
    }
    return true;
  }
  return false;
}

void claims::give_up(claim& one, milliseconds now) {
  one.made = claim_level::none;
  text_buffer packet;
  packet += "42[\"remove\",\""sv;
  packet += one.lock ? locks : presence;
  packet += "\","sv;
  append_json(packet, one.key);
  append_member(packet, ",{\"holder\":"sv, one.lock ? one.id : ""sv);
  packet += one.lock ? "}]"sv : "]"sv;
  page_.log(note::claiming, packet);
  page_.send_text(packet);
  if (one.lock) {
    one.ours_until = -never;
    text_buffer before;
    before.swap(one.state);
    text_list lease = before;
    const std::string_view name = take_text(lease);
    if (name == "mine"sv) {
      tell(one, "free"sv, {}, now);
    } else if (name == "refused"sv) {
      tell(one, "held"sv, lease, now);
    } else {
      before.swap(one.state);
    }
  }
}

void claims::give_up_locks(milliseconds now) {
  for (claim& one : claims_) {
    if (one.lock && one.made != claim_level::none) {
      give_up(one, now);
    }
  }
}

void claims::send_due(std::uint32_t& last_call, milliseconds now) {
  for (claim& one : claims_) {
    const claim_level level = wanted(one);
    if (level == claim_level::none) {
      if (one.made != level) {
        give_up(one, now);
      }
      continue;
    }
    if (level == one.made && now < one.due) {
      continue;
    }
    one.made = level;
    one.asked = ++last_call;
    one.asked_at = now;
    one.due = one.lock ? now + static_cast<milliseconds>(one.ttl) / 3 : never;
    text_buffer packet;
    packet += "42"sv;
    append_number(packet, last_call);
    packet += "[\"create\",\""sv;
    packet += one.lock ? locks : presence;
    append_member(packet, "\",{\"key\":"sv, one.key);
    append_member(packet, one.lock ? ",\"holder\":"sv : ",\"user\":"sv, one.id);
    append_member(packet, ",\"name\":"sv, one.name);
    if (one.lock) {
      packet += ",\"ttl\":"sv;
      append_number(packet, one.ttl);
    } else {
      packet += level == claim_level::editing ? ",\"editing\":true"sv : ",\"editing\":false"sv;
    }
    packet += "}]"sv;
    page_.log(note::claiming, packet);
    page_.send_text(packet);
  }
  claims_.erase_if(
      [](const claim& one) { return one.listeners.empty() && one.made == claim_level::none; });
}

void claims::tick(milliseconds now) {
  for (claim& one : claims_) {
    if (one.ours_until != -never && now >= one.ours_until) {
      one.ours_until = -never;
      one.due = now;
      tell(one, "lost"sv, {}, now);
    }
  }
}

milliseconds claims::due(bool joined) const {
  milliseconds soonest = never;
  for (const claim& one : claims_) {
    if (one.ours_until != -never) {
      soonest = std::min(soonest, one.ours_until);
    }
    if (joined) {
      const claim_level level = wanted(one);
      if (level != one.made) {
        soonest = -never;
      } else if (level != claim_level::none) {
        soonest = std::min(soonest, one.due);
      }
    }
  }
  return soonest;
}

}  // namespace flowcast::core
