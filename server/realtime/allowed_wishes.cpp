#include "realtime/allowed_wishes.hpp"

#include <algorithm>
#include <utility>

namespace flowcast::realtime {

using auth::rights;
using records::errc;
using records::error;

namespace {

bool hears(const rights::keys& may, const std::string& key) {
  return may->matches(key);
}

std::optional<error> refuse_wish(const subscription_wish& wish, const auth::identity& who) {
  const std::string& service = wish.of->name();
  const rights::keys may = who.may.subscribe(service);
  const bool all = wish.whole
                       ? !may->is_none()
                       : std::all_of(wish.keys.begin(), wish.keys.end(),
                                     [&](const std::string& key) { return hears(may, key); });
  if (all) {
    return std::nullopt;
  }
  if (who.is_nobody()) {
    return error{errc::not_authenticated,
                 "You may not subscribe to '" + service + "' without a token: send one as 'token'",
                 {},
                 {}};
  }
  return error{errc::forbidden,
               wish.whole
                   ? "Your token does not allow to subscribe to '" + service + "'"
                   : "Your token does not allow to subscribe to this key of '" + service + "'",
               {},
               {}};
}

}  // namespace

std::optional<error> refuse_any(const std::vector<subscription_wish>& wishes,
                                const auth::identity& who) {
  for (const subscription_wish& each : wishes) {
    if (auto refused = refuse_wish(each, who))
      return refused;
  }
  return std::nullopt;
}

void refuse_forbidden(wish_list& wishes, const auth::identity& who) {
  for (subscription_wish& wish : wishes.granted) {
    const auto why = refuse_wish(wish, who);
    if (!why)
      continue;
    const std::string& service = wish.of->name();
    if (std::exchange(wish.whole, false))
      refuse_in_part(wishes.refused, service, std::nullopt, *why);
    const rights::keys may = who.may.subscribe(service);
    for (const std::string& key : wish.keys) {
      if (!hears(may, key))
        refuse_in_part(wishes.refused, service, key, *why);
    }
    std::erase_if(wish.keys, [&](const std::string& key) { return !hears(may, key); });
    wish.silent = wish.keys.empty();
  }
}

void allow_only(std::vector<subscription_wish>& wishes, const auth::identity& who) {
  for (subscription_wish& wish : wishes) {
    const rights::keys may = who.may.subscribe(wish.of->name());
    std::erase_if(wish.keys, [&](const std::string& key) { return !hears(may, key); });
  }
}

void allow_only(std::vector<stores::log_filter>& filters,
                const services::service_registry& services, const auth::identity& who) {
  for (stores::log_filter& filter : filters) {
    const rights::keys may = who.may.subscribe(services.at(filter.service).name());
    if (filter.whole && !may->is_all()) {
      if (auto listed = may->listed()) {
        filter.whole = false;
        filter.keys = *std::move(listed);
      }
    }
    std::erase_if(filter.keys, [&](const std::string& key) { return !hears(may, key); });
  }
  std::erase_if(filters, [](const stores::log_filter& filter) {
    return !filter.whole && filter.keys.empty();
  });
}

}  // namespace flowcast::realtime
