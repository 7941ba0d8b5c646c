#include "auth/rights.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace flowcast::auth {

using protocol::json_kind;
using protocol::json_value;
using records::key_patterns;

namespace {

constexpr std::string_view every_service = "*";
constexpr std::size_t most_patterns = 10'000;  // of one token

records::error wrong_shape(const std::string& what) {
  return {records::errc::bad_request, "the token's claim 'flowcast' is not right: " + what, {}, {}};
}

rights::keys all_keys() {
  static const auto all = std::make_shared<const key_patterns>(key_patterns::all());
  return all;
}

rights::keys no_keys() {
  static const auto none = std::make_shared<const key_patterns>();
  return none;
}

// A key, as a record's: text, or a number's digits.
records::result<rights::keys> read_keys(json_value list) {
  if (list.is(json_kind::boolean)) {
    return list.is_true() ? all_keys() : no_keys();
  }
  if (!list.is(json_kind::array)) {
    return wrong_shape("the keys of a service are a list, such as [\"order-*\"]");
  }
  key_patterns made;
  std::size_t count = 0;
  std::string buffer;
  for (const json_value& each : list.elements()) {
    const bool is_text = each.is(json_kind::string);
    const std::string_view key = is_text ? each.string(buffer) : each.text();
    if ((!is_text && !each.is(json_kind::number)) || key.empty()) {
      return wrong_shape("a key is a text that is not empty, or a number");
    }
    if (key.size() > records::longest_key_pattern || ++count > most_patterns) {
      return wrong_shape("too many keys, or one that is too long");
    }
    made.add(key);
  }
  return made.is_all() ? all_keys() : std::make_shared<const key_patterns>(std::move(made));
}

}  // namespace

rights rights::everything() {
  rights made = to_subscribe();
  made.publish_ = to_publish().publish_;
  made.observe_ = true;
  return made;
}

rights rights::to_observe() {
  rights made;
  made.observe_ = true;
  return made;
}

rights rights::to_subscribe() {
  rights made;
  made.subscribe_.emplace(every_service, all_keys());
  return made;
}

rights rights::to_publish() {
  rights made;
  made.publish_.emplace(every_service, all_keys());
  return made;
}

records::result<rights> rights::read(json_value claim) {
  if (claim.is(json_kind::boolean)) {
    return claim.is_true() ? everything() : rights();
  }
  if (!claim.is(json_kind::object)) {
    return wrong_shape("it is an object with 'publish' and 'subscribe'");
  }
  auto publish = read_list(claim.member("publish"));
  if (!publish) {
    return publish.error();
  }
  auto subscribe = read_list(claim.member("subscribe"));
  if (!subscribe) {
    return subscribe.error();
  }
  const json_value observe = claim.member("observe");
  if (observe && !observe.is(json_kind::boolean)) {
    return wrong_shape("'observe' is true or false");
  }
  rights made;
  made.observe_ = observe && observe.is_true();
  made.publish_ = *std::move(publish);
  made.subscribe_ = *std::move(subscribe);
  return made;
}

records::result<rights::by_service> rights::read_list(json_value value) {
  by_service made;
  std::string buffer;
  if (!value) {
    return made;
  }
  if (value.is(json_kind::boolean)) {
    if (value.is_true()) {
      made.emplace(every_service, all_keys());
    }
    return made;
  }
  if (value.is(json_kind::array)) {
    for (const json_value& each : value.elements()) {
      if (!each.is(json_kind::string)) {
        return wrong_shape("a list of services is a list of their names");
      }
      made.insert_or_assign(std::string(each.string(buffer)), all_keys());
    }
    return made;
  }
  if (!value.is(json_kind::object)) {
    return wrong_shape("'publish' and 'subscribe' are objects of keys by service");
  }
  for (const protocol::json_member& each : value.members()) {
    auto keys = read_keys(each.value);
    if (!keys) {
      return keys.error();
    }
    made.insert_or_assign(std::string(each.name.string(buffer)), *std::move(keys));
  }
  return made;
}

rights::keys rights::of(const by_service& in, std::string_view service) {
  auto found = in.find(service);
  if (found == in.end()) {
    found = in.find(every_service);
  }
  return found == in.end() ? no_keys() : found->second;
}

bool operator==(const rights& a, const rights& b) {
  const auto same = [](const rights::by_service& one, const rights::by_service& other) {
    return std::equal(
        one.begin(), one.end(), other.begin(), other.end(),
        [](const auto& x, const auto& y) { return x.first == y.first && *x.second == *y.second; });
  };
  return a.observe_ == b.observe_ && same(a.publish_, b.publish_) &&
         same(a.subscribe_, b.subscribe_);
}

}  // namespace flowcast::auth
