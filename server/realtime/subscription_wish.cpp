#include "realtime/subscription_wish.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "protocol/json_writer.hpp"
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

error unknown_service(std::string_view name) {
  error unknown{errc::not_found, "Service '" + std::string(name) + "' not found", {}, {}};
  unknown.cause = records::error_cause::unknown_service;
  return unknown;
}

// Reads what a client asks for, service by service.
class wish_reader {
 public:
  wish_reader(const subscription_limits& limits, granting how, std::size_t taken)
      : limits_(&limits), how_(how), taken_(taken), count_(taken) {}

  records::result<void> add(services::service& of, json_value keys) {
    subscription_wish wish;
    wish.of = &of;
    if (!keys || keys.is(json_kind::null)) {
      wish.whole = true;
    } else if (const auto added = add_keys(wish, keys); !added) {
      return added.error();
    }
    // Where it named keys, and none of them was granted.
    wish.silent = !wish.whole && wish.keys.empty() && !read_.refused.empty() &&
                  read_.refused.back().service == of.name();
    read_.granted.push_back(std::move(wish));
    return boost::system::in_place_value;
  }

  // A service, or a key of it.
  records::result<void> refuse(std::string service, std::optional<std::string> key, error why) {
    if (how_ == granting::all_or_nothing)
      return why;
    refuse_in_part(read_.refused, std::move(service), std::move(key), std::move(why));
    return boost::system::in_place_value;
  }

  wish_list take() { return std::move(read_); }

 private:
  records::result<void> add_keys(subscription_wish& to, json_value keys) {
    if (!keys.is(json_kind::array))
      return add_key(to, keys);
    for (const json_value& each : keys.elements()) {
      if (const auto added = add_key(to, each); !added)
        return added.error();
    }
    return boost::system::in_place_value;
  }

  records::result<void> add_key(subscription_wish& to, json_value value) {
    const std::string& service = to.of->name();
    if (!value.is(json_kind::string) && !value.is(json_kind::number)) {
      return bad_request("A key is a string or a number, as it stands in the records of '" +
                         service + "'.");
    }
    std::string key = records::key_of(value);
    if (key.empty())
      return refuse(service, std::move(key), bad_request("A key can not be empty."));
    if (key.size() > limits_->key) {
      return refuse(service, std::move(key),
                    over_limit("A key has at most " + std::to_string(limits_->key) + " bytes."));
    }
    if (count_ >= limits_->keys)
      return refuse(service, std::move(key), too_many());
    ++count_;
    to.keys.push_back(std::move(key));
    return boost::system::in_place_value;
  }

  [[nodiscard]] error too_many() const {
    return over_limit("More than " + std::to_string(limits_->keys) +
                      " keys: " + (taken_ > 0 ? "unsubscribe from some" : "subscribe to fewer") +
                      ", or to the whole service.");
  }

  const subscription_limits* limits_;
  granting how_;
  std::size_t taken_;
  std::size_t count_;
  wish_list read_;
};

}  // namespace

void refuse_in_part(std::vector<refused_wish>& refused, std::string service,
                    std::optional<std::string> key, error why) {
  const bool same = key && !refused.empty() && refused.back().service == service &&
                    !refused.back().keys.empty() && refused.back().why.message == why.message;
  if (!same)
    refused.push_back({std::move(service), {}, std::move(why)});
  if (key)
    refused.back().keys.push_back(*std::move(key));
}

bool wish_list::in_vain() const {
  return !refused.empty() && std::all_of(granted.begin(), granted.end(),
                                         [](const subscription_wish& each) { return each.silent; });
}

records::result<wish_list> read_wish(services::service& of, json_value keys,
                                     const subscription_limits& limits, granting how,
                                     std::size_t taken) {
  wish_reader reader(limits, how, taken);
  if (const auto added = reader.add(of, keys); !added)
    return added.error();
  return reader.take();
}

records::result<wish_list> read_wishes(const services::service_registry& services,
                                       json_value subscribe, const subscription_limits& limits,
                                       granting how) {
  wish_reader reader(limits, how, 0);
  if (!subscribe || subscribe.is(json_kind::null))
    return reader.take();
  if (!subscribe.is(json_kind::object)) {
    return bad_request(R"('subscribe' is an object of keys by service: {"microflow":["<key>"]}.)");
  }
  std::string buffer;
  for (const protocol::json_member& each : subscribe.members()) {
    const std::string_view name = each.name.string(buffer);
    services::service* const of = services.find(name);
    const auto read = of != nullptr
                          ? reader.add(*of, each.value)
                          : reader.refuse(std::string(name), std::nullopt, unknown_service(name));
    if (!read)
      return read.error();
  }
  return reader.take();
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

std::string to_json(const std::vector<refused_wish>& refused) {
  std::string json = "[";
  for (const refused_wish& each : refused) {
    json += json.size() == 1 ? R"({"service":)" : R"(,{"service":)";
    protocol::append_json_string(json, each.service);
    for (const std::string& key : each.keys) {
      json += &key == each.keys.data() ? R"(,"keys":[)" : ",";
      protocol::append_json_string(json, key);
    }
    json.append(each.keys.empty() ? R"(,"error":)" : R"(],"error":)")
        .append(records::to_json(each.why)) += '}';
  }
  return json += ']';
}

std::string states_of(const std::vector<subscription_wish>& wishes) {
  std::string json;
  for (const subscription_wish& each : wishes) {
    const auto state = each.silent ? std::nullopt : each.of->state_of(each.keys);
    if (!state)
      continue;
    json += json.empty() ? '{' : ',';
    json.append("\"").append(each.of->name()).append("\":").append(*state);
  }
  return json.empty() ? json : json += '}';
}

}  // namespace flowcast::realtime
