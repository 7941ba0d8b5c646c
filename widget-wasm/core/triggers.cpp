#include "core/triggers.hpp"

#include <algorithm>

#include "core/subscriptions.hpp"

namespace flowcast::core {
action_id triggers::add(listener& who, text_list what, const action_options& how) {
  action& added = who.actions.add();
  added.id = ++last_action_;
  added.how = how;
  for (const text_buffer& list : lists_) {
    if (list.view() == what) {
      added.what = &list;
    }
  }
  if (added.what == nullptr) {
    text_buffer& list = lists_.add();
    list = what;
    added.what = &list;
  }
  return added.id;
}

void triggers::remove(const listener& who) {
  runs_.erase_if([&](const run& one) { return one.who == &who; });
}

void triggers::happened(const listener& who, const event& what, bool own, milliseconds now) {
  for (const action& one : who.actions) {
    text_list events = *one.what;
    static_cast<void>(take_text(events));
    if ((events.empty() || has_text(events, what.name)) && !(own && one.how.ignore_own)) {
      ask(who, one, what.key, &what, now);
    }
  }
}

void triggers::missed(const listener& who, milliseconds now) {
  for (const action& one : who.actions) {
    if (one.how.ignore_missed) {
      continue;
    }
    if (!one.how.per_key) {
      ask(who, one, {}, nullptr, now);
      continue;
    }
    for (const subscription& key : who.service->keys) {
      if (key.listeners.contains(who)) {
        ask(who, one, key.key, nullptr, now);
      }
    }
  }
}

// `latest`: null if nothing came, but events may have been missed.
void triggers::ask(const listener& who, const action& what, std::string_view key,
                   const event* latest, milliseconds now) {
  if (!what.how.per_key) {
    key = {};
  }
  run* found = nullptr;
  for (run& one : runs_) {
    if (one.action == what.id && one.key == key) {
      found = &one;
    }
  }
  if (found == nullptr) {
    found = &runs_.add();
    found->id = ++last_run_;
    found->action = what.id;
    found->who = &who;
    found->how = what.how;
    found->key = key;
  }
  if (latest == nullptr) {
    found->missed = true;
    if (found->latest.empty()) {
      found->latest += '\0';
      found->latest += key;
    }
  } else {
    found->latest.clear();
    for (const std::string_view text : {latest->name, latest->key, latest->offset}) {
      found->latest += text;
      found->latest += '\0';
    }
    text_list list = *what.what;
    const std::string_view field = take_text(list);
    const protocol::json_value value = latest->record.member(field);
    text_buffer buffer;
    if (field.empty()) {
      found->latest += latest->payload;
    } else if (value.is(protocol::json_kind::string)) {
      found->latest += string_of(value, buffer);
    } else if (!value.is(protocol::json_kind::null)) {
      found->latest += value.text();
    }
  }
  if (found->at == run::stage::running) {
    found->again = true;
  } else if (found->at == run::stage::resting) {
    schedule(*found, now);
  }
}

void triggers::schedule(run& one, milliseconds now) {
  one.at = run::stage::waiting;
  one.due = std::max(now, one.started + one.how.throttle);
  if (one.how.spread > 0) {
    one.due += one.how.spread * page_.random_fraction();
  }
  if (one.due <= now) {
    start(one, now);
  }
}

void triggers::start(run& one, milliseconds now) {
  text_list what = one.latest;
  text_list after_name = what;
  static_cast<void>(take_text(after_name));
  std::string_view key = take_text(after_name);
  if (!key.empty() && !subscriptions::wants(*one.who, key)) {
    if (one.how.per_key || !one.missed) {
      rest(one);
      return;
    }
    what = {};
    key = {};
  }
  one.at = run::stage::running;
  one.due = never;
  one.started = now;
  one.again = false;
  page_.log(note::ran, key);
  page_.run_action(one.id, one.action, one.missed, what);
  one.missed = false;
  text_buffer().swap(one.latest);  // and gives its memory back
}

void triggers::rest(run& one) {
  one.at = run::stage::resting;
  one.due = one.started + one.how.throttle;
}

void triggers::done(std::uint32_t id, milliseconds now) {
  for (run& one : runs_) {
    if (one.id != id || one.at != run::stage::running) {
      continue;
    }
    page_.log(note::finished, one.key);
    if (one.again) {
      schedule(one, now);
    } else {
      rest(one);
    }
  }
}

void triggers::tick(milliseconds now) {
  runs_.erase_if([&](const run& one) { return one.at == run::stage::resting && one.due <= now; });
  for (run& one : runs_) {
    if (one.at == run::stage::waiting && one.due <= now) {
      start(one, now);
    }
  }
}

milliseconds triggers::due() const {
  milliseconds soonest = never;
  for (const run& one : runs_) {
    soonest = std::min(soonest, one.due);
  }
  return soonest;
}

}  // namespace flowcast::core
