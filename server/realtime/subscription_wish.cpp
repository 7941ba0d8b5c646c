#include "realtime/subscription_wish.hpp"

#include <algorithm>
#include <utility>

#include "records/record.hpp"

namespace flowcast::realtime {

using protocol::json_kind;
using protocol::json_value;
using records::errc;
using records::error;

namespace {

error bad_request(std::string message) {
  return {errc::bad_request, std::move(message), {}, {}};
}

error over_limit(std::string message) {
  error refused = bad_request(std::move(message));
  refused.cause = records::error_cause::subscription_limit;
  return refused;
}

error too_many(const subscription_limits& limits) {
  return over_limit("More than " + std::to_string(limits.keys) +
                    " keys: subscribe to fewer, or to the whole service.");
}

records::result<void> add_key(subscription_wish& to, const json_value& value,
                              const subscription_limits& limits) {
  if (!value.is(json_kind::string) && !value.is(json_kind::number)) {
    return bad_request("A key is a string or a number, as it stands in the records of '" +
                       to.of->name() + "'.");
  }
  std::string key = records::key_of(value);
  if (key.empty())
    return bad_request("A key can not be empty.");
  if (key.size() > limits.key) {
    return over_limit("A key has at most " + std::to_string(limits.key) + " bytes.");
  }
  if (to.keys.size() == limits.keys)
    return too_many(limits);
  to.keys.push_back(std::move(key));
  return boost::system::in_place_value;
}

}  // namespace

records::result<subscription_wish> read_wish(services::service& of, json_value keys,
                                             const subscription_limits& limits) {
  subscription_wish wish;
  wish.of = &of;
  if (!keys || keys.is(json_kind::null)) {
    wish.whole = true;
    return wish;
  }
  if (keys.is(json_kind::array)) {
    for (const json_value& each : keys.elements()) {
      if (const auto added = add_key(wish, each, limits); !added)
        return added.error();
    }
    return wish;
  }
  if (const auto added = add_key(wish, keys, limits); !added)
    return added.error();
  return wish;
}

records::result<std::vector<subscription_wish>> read_wishes(
    const services::service_registry& services, json_value subscribe,
    const subscription_limits& limits) {
  std::vector<subscription_wish> wishes;
  if (!subscribe || subscribe.is(json_kind::null))
    return wishes;
  if (!subscribe.is(json_kind::object)) {
    return bad_request(R"('subscribe' is an object of keys by service: {"microflow":["<key>"]}.)");
  }
  std::string buffer;
  std::size_t keys = 0;
  for (const protocol::json_member& each : subscribe.members()) {
    const std::string_view name = each.name.string(buffer);
    services::service* const of = services.find(name);
    if (of == nullptr) {
      return error{errc::not_found,
                   "Service '" + std::string(name) + "' not found",
                   {},
                   {},
                   records::error_cause::unknown_service};
    }
    auto wish = read_wish(*of, each.value, limits);
    if (!wish)
      return wish.error();
    keys += wish->keys.size();
    if (keys > limits.keys)
      return too_many(limits);
    wishes.push_back(*std::move(wish));
  }
  return wishes;
}

std::vector<stores::log_filter> filters_of(const services::service_registry& services,
                                           const std::vector<subscription_wish>& wishes) {
  std::vector<stores::log_filter> filters;
  for (const auto& service : services.all()) {
    if (!service->is_logged())
      continue;
    stores::log_filter filter;
    filter.service = service->index();
    bool named = false;
    for (const subscription_wish& each : wishes) {
      if (each.of != service.get())
        continue;
      named = true;
      filter.whole = filter.whole || each.whole;
      filter.keys.insert(filter.keys.end(), each.keys.begin(), each.keys.end());
    }
    if (!named)
      filter.whole = service->options().deliver == services::delivery::broadcast;
    if (filter.whole)
      filter.keys.clear();
    if (filter.whole || !filter.keys.empty())
      filters.push_back(std::move(filter));
  }
  return filters;
}

std::string states_of(const std::vector<subscription_wish>& wishes) {
  std::string json;
  for (const subscription_wish& each : wishes) {
    const auto state = each.of->state_of(each.keys);
    if (!state)
      continue;
    json += json.empty() ? '{' : ',';
    json.append("\"").append(each.of->name()).append("\":").append(*state);
  }
  return json.empty() ? json : json += '}';
}

}  // namespace flowcast::realtime
