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

}  // namespace

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
