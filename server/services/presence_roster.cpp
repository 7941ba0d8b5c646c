#include "services/presence_roster.hpp"

#include <algorithm>

namespace flowcast::services {

presence_roster::presence_roster(std::string node, presence_options options)
    : node_(std::move(node)), options_(options) {}

const presence_roster::join* presence_roster::find(session_number session,
                                                   const std::string& key) const {
  const auto known = sessions_.find(session);
  if (known == sessions_.end()) {
    return nullptr;
  }
  const auto joined = known->second.find(key);
  if (joined == known->second.end()) {
    return nullptr;
  }
  return &keys_.find(key)->second.here.find(joined->second)->second.sessions.at(session);
}

std::size_t presence_roster::joins_of(session_number session) const {
  const auto known = sessions_.find(session);
  return known == sessions_.end() ? 0 : known->second.size();
}

void presence_roster::set(session_number session, const std::string& key, join as,
                          std::int64_t wall, time now) {
  std::string& user = sessions_[session][key];
  if (!user.empty() && user != as.user) {
    remove(session, key, now);
  }
  if (user.empty() || user != as.user) {
    ++joins_;
  }
  user = as.user;
  key_state& state = keys_[key];
  const auto [found, is_new] = state.here.try_emplace(as.user);
  if (is_new) {
    found->second.since = wall;
  }
  found->second.sessions.insert_or_assign(session, std::move(as));
  update(key, state, found->first, now);
}

bool presence_roster::leave(session_number session, const std::string& key, time now) {
  const auto known = sessions_.find(session);
  if (known == sessions_.end() || !known->second.contains(key)) {
    return false;
  }
  remove(session, key, now);
  known->second.erase(key);
  if (known->second.empty()) {
    sessions_.erase(known);
  }
  return true;
}

void presence_roster::end(session_number session, time now) {
  if (sessions_.contains(session)) {
    ending_.emplace(now + options_.grace, session);
  }
}

// Takes the join out of the key; the session's own list is the caller's.
void presence_roster::remove(session_number session, const std::string& key, time now) {
  key_state& state = keys_.find(key)->second;
  const std::string user = sessions_.at(session).at(key);
  state.here.find(user)->second.sessions.erase(session);
  --joins_;
  update(key, state, user, now);
}

// Brings what others see of a user of this node up to their sessions.
void presence_roster::update(const std::string& key, key_state& state, const std::string& user,
                             time now) {
  const auto found = state.here.find(user);
  local_user& who = found->second;
  if (who.sessions.empty()) {
    state.people.drop(node_, user);
    changes_.push_back({key, user, std::nullopt});
    state.here.erase(found);
  } else {
    attendee seen{who.sessions.rbegin()->second.name, who.since,
                  std::any_of(who.sessions.begin(), who.sessions.end(),
                              [](const auto& each) { return each.second.editing; })};
    if (seen == who.told) {
      return;
    }
    who.told = seen;
    state.people.set(node_, user, seen);
    changes_.push_back({key, user, std::move(seen)});
  }
  touch(key, state, now);
}

void presence_roster::set_remote(const std::string& node, const change& what, time now) {
  auto& told = remote_[node];
  if (what.now) {
    told.emplace(what.key, what.user);
    key_state& state = keys_[what.key];
    state.people.set(node, what.user, *what.now);
    touch(what.key, state, now);
  } else if (told.erase({what.key, what.user}) > 0) {
    key_state& state = keys_.find(what.key)->second;
    state.people.drop(node, what.user);
    touch(what.key, state, now);
  }
}

void presence_roster::drop_remote(const std::string& node, time now) {
  const auto told = remote_.extract(node);
  if (told.empty()) {
    return;
  }
  for (const auto& [key, user] : told.mapped()) {
    key_state& state = keys_.find(key)->second;
    state.people.drop(node, user);
    touch(key, state, now);
  }
}

// Something of the key may be seen differently.
void presence_roster::touch(const std::string& key, key_state& state, time now) {
  const bool first = state.announced.empty();
  const time allowed = first ? now : std::max(now, state.announced_at + options_.interval);
  if (!state.due || *state.due > allowed) {
    schedule(key, state, allowed);
  }
}

void presence_roster::schedule(const std::string& key, key_state& state, time due) {
  if (state.due) {
    due_.erase({*state.due, key});
  }
  state.due = due;
  due_.emplace(due, key);
}

void presence_roster::advance(
    time now, const std::function<void(const std::string&, std::string)>& announce_key) {
  while (!ending_.empty() && ending_.begin()->first <= now) {
    const session_number session = ending_.begin()->second;
    ending_.erase(ending_.begin());
    while (joins_of(session) > 0) {
      const std::string key = sessions_.at(session).begin()->first;
      leave(session, key, now);
    }
  }
  while (!due_.empty() && due_.begin()->first <= now) {
    const auto which = keys_.find(due_.begin()->second);
    due_.erase(due_.begin());
    which->second.due.reset();
    announce(which, now, announce_key);
  }
}

void presence_roster::announce(keys_by_name::iterator which, time now,
                               const std::function<void(const std::string&, std::string)>& tell) {
  key_state& state = which->second;
  const bool empty = state.people.count() == 0;
  std::string seen = state.people.to_json(which->first, options_.shown);
  const bool changed = seen != state.announced && !(empty && state.announced.empty());
  if (changed) {
    state.announced = seen;
    state.announced_at = now;
    tell(which->first, std::move(seen));
  }
  if (empty && changed) {
    // It is remembered as long as another announcement would have to wait.
    schedule(which->first, state, now + options_.interval);
  } else if (empty) {
    keys_.erase(which);
  }
}

std::optional<presence_roster::time> presence_roster::next_due() const {
  std::optional<time> next;
  if (!ending_.empty()) {
    next = ending_.begin()->first;
  }
  if (!due_.empty() && (!next || due_.begin()->first < *next)) {
    next = due_.begin()->first;
  }
  return next;
}

std::string presence_roster::state_of(std::string_view key) const {
  const auto known = keys_.find(key);
  return known == keys_.end() ? attendance().to_json(key, 0)
                              : known->second.people.to_json(key, options_.shown);
}

std::vector<std::string> presence_roster::keys() const {
  std::vector<std::string> all;
  for (const auto& [key, state] : keys_) {
    if (state.people.count() > 0) {
      all.push_back(key);
    }
  }
  return all;
}

std::vector<presence_roster::change> presence_roster::everybody_here() const {
  std::vector<change> all;
  for (const auto& [key, state] : keys_) {
    for (const auto& [user, who] : state.here) {
      all.push_back({key, user, who.told});
    }
  }
  return all;
}

}  // namespace flowcast::services
