#include "services/attendance.hpp"

#include <algorithm>

#include "protocol/json_writer.hpp"

namespace flowcast::services {

const attendee& attendance::person::first() const {
  return std::min_element(
             on.begin(), on.end(),
             [](const auto& a, const auto& b) { return a.second.since < b.second.since; })
      ->second;
}

bool attendance::person::editing() const {
  return std::any_of(on.begin(), on.end(), [](const auto& each) { return each.second.editing; });
}

void attendance::set(std::string_view node, const std::string& user, attendee as) {
  const auto [found, is_new] = people_.try_emplace(user);
  person& who = found->second;
  if (!is_new) {
    unrank(user, who);
  }
  const auto there = std::find_if(who.on.begin(), who.on.end(),
                                  [node](const auto& each) { return each.first == node; });
  if (there == who.on.end()) {
    who.on.emplace_back(node, std::move(as));
  } else {
    there->second = std::move(as);
  }
  rank(user, who);
}

void attendance::drop(std::string_view node, const std::string& user) {
  const auto found = people_.find(user);
  if (found == people_.end()) {
    return;
  }
  person& who = found->second;
  unrank(user, who);
  std::erase_if(who.on, [node](const auto& each) { return each.first == node; });
  if (who.on.empty()) {
    people_.erase(found);
  } else {
    rank(user, who);
  }
}

void attendance::rank(const std::string& user, const person& who) {
  const std::int64_t since = who.first().since;
  all_.emplace(since, user);
  if (who.editing()) {
    editing_.emplace(since, user);
  }
}

void attendance::unrank(const std::string& user, const person& who) {
  const std::pair<std::int64_t, std::string> place(who.first().since, user);
  all_.erase(place);
  editing_.erase(place);
}

std::string attendance::to_json(std::string_view key, std::size_t shown) const {
  std::string json = R"({"key":)";
  protocol::append_json_string(json, key);
  json.append(R"(,"count":)").append(std::to_string(count())).append(R"(,"names":[)");
  append_names(json, all_, shown);
  json += R"(],"editing":[)";
  append_names(json, editing_, shown);
  return json += "]}";
}

void attendance::append_names(std::string& out, const arrivals& of, std::size_t shown) const {
  std::size_t written = 0;
  for (auto at = of.begin(); at != of.end() && written < shown; ++at, ++written) {
    if (written > 0) {
      out += ',';
    }
    protocol::append_json_string(out, people_.find(at->second)->second.first().name);
  }
}

}  // namespace flowcast::services
