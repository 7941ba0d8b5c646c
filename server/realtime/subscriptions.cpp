#include "realtime/subscriptions.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace flowcast::realtime {

void subscribe(hub::fan_out& fans, hub::listener& who, const subscription_wish& wish) {
  const services::service_index of = wish.of->index();
  if (wish.silent)
    fans.unsubscribe_whole(who, of);
  if (wish.whole)
    fans.subscribe_whole(who, of);
  for (const std::string& key : wish.keys)
    fans.subscribe(who, of, key);
}

void unsubscribe(hub::fan_out& fans, hub::listener& who, const subscription_wish& wish) {
  const services::service_index of = wish.of->index();
  if (wish.whole)
    fans.unsubscribe_whole(who, of);
  for (const std::string& key : wish.keys)
    fans.unsubscribe(who, of, key);
}

void narrow(hub::fan_out& fans, hub::listener& who, const services::service_registry& services,
            const auth::identity& rights) {
  for (const auto& service : services.all()) {
    auth::rights::keys may = rights.may.subscribe(service->name());
    fans.narrow(who, service->index(), may->is_all() ? nullptr : std::move(may));
  }
}

std::vector<subscription_wish> chosen_by(const hub::listener& who,
                                         const services::service_registry& services) {
  std::vector<subscription_wish> made;
  hub::fan_out::each_interest(who, [&](stores::service_index of, const std::string* key) {
    if (made.empty() || made.back().of->index() != of)
      made.push_back({&services.at(of), false, {}});
    made.back().whole = made.back().whole || key == nullptr;
    if (key != nullptr)
      made.back().keys.push_back(*key);
    return true;
  });
  return made;
}

void describe(client_status& into, const hub::listener& who,
              const services::service_registry& services, const auth::identity* rights,
              std::size_t most_keys) {
  const auto may_hear = [&](stores::service_index of) {
    return rights == nullptr || !rights->may.subscribe(services.at(of).name())->is_none();
  };
  const auto& all = services.all();
  into.may_hear = std::any_of(all.begin(), all.end(),
                              [&](const auto& each) { return may_hear(each->index()); });
  into.chose = who.selective();
  into.subscriptions = who.interests_chosen();
  hub::fan_out::each_interest(who, [&](stores::service_index service, const std::string* key) {
    if (may_hear(service)) {
      into.keys.push_back({service, key ? *key : std::string()});
    } else {
      --into.subscriptions;  // to all of what broadcasts, of which it is told nothing
    }
    return into.keys.size() < most_keys;
  });
}

}  // namespace flowcast::realtime
