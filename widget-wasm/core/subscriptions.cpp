#include "core/subscriptions.hpp"

#include "protocol/json_writer.hpp"

namespace flowcast::core {
namespace {

using namespace std::string_view_literals;
using protocol::json_kind;
using protocol::json_value;

std::size_t place_of(const pointer_list<subscription>& keys, std::string_view key) {
  return keys.place([&](const subscription& one) { return one.key < key; });
}

subscription* find_key(const pointer_list<subscription>& keys, std::string_view key) {
  const std::size_t place = place_of(keys, key);
  return place != keys.size() && keys[place].key == key ? &keys[place] : nullptr;
}

void forget_unwanted(pointer_list<subscription>& keys) {
  keys.erase_if([](const subscription& one) { return one.listeners.empty(); });
}

void append_name(std::string& out, char separator, std::string_view name, char end) {
  append(out, separator);
  protocol::append_json_string(out, name);
  append(out, end);
}

// The keys that the server must be told of: to subscribe to, or to unsubscribe from.
bool to_be_told(const service_interest& service, const subscription& one, bool subscribe) {
  const bool needed = service.whole.empty() && !one.listeners.empty();
  return needed == subscribe && one.told != subscribe;
}

// Appends an array of those keys, as far as `limit` bytes of `out` go, and takes them as told;
// false if there are none.
bool write_keys(const service_interest& service, bool subscribe, std::size_t limit,
                std::string& out) {
  char separator = '[';
  for (subscription& one : service.keys) {
    if (out.size() < limit && to_be_told(service, one, subscribe)) {
      one.told = subscribe;
      append(out, separator);
      separator = ',';
      protocol::append_json_string(out, one.key);
    }
  }
  const bool any = separator == ',';
  out += any ? "]"sv : "[]"sv;
  return any;
}

}  // namespace

std::string_view key_text(const json_value& value, std::string& buffer) {
  return value.is(json_kind::number) ? value.text() : value.string(buffer);
}

service_interest& subscriptions::at(std::string_view name) {
  for (service_interest& service : services_) {
    if (service.name == name) {
      return service;
    }
  }
  service_interest& added = services_.add();
  added.name = name;
  return added;
}

listener& subscriptions::add(std::string_view service, std::string_view key_field, text_list own) {
  listener& added = listeners_.add();
  added.id = ++last_id_;
  added.service = &at(service);
  added.own = own;
  text_list fields = added.service->key_fields;
  while (!fields.empty() && take_text(fields) != key_field) {
    ++added.field;
  }
  if (added.field == added.service->fields) {
    ++added.service->fields;
    append(added.service->key_fields.append(key_field), '\0');
  }
  return added;
}

listener* subscriptions::find(listener_id id) const {
  const std::size_t place = listeners_.place([&](const listener& one) { return one.id < id; });
  return place != listeners_.size() && listeners_[place].id == id ? &listeners_[place] : nullptr;
}

void subscriptions::set_keys(listener& who, text_list keys) {
  pointer_list<subscription>& all = who.service->keys;
  while (!keys.empty()) {
    const std::string_view key = take_text(keys);
    if (key.empty()) {
      continue;
    }
    subscription* found = find_key(all, key);
    if (found == nullptr) {
      found = &all.insert(place_of(all, key));
      found->key = key;
    }
    found->kept = true;
    found->listeners.add(who);
  }
  all.erase_if([&](subscription& one) {
    if (!one.kept) {
      one.listeners.remove(who);
    }
    one.kept = false;
    return one.listeners.empty() && !one.told;
  });
  who.service->whole.remove(who);
  changed_ = true;
}

void subscriptions::set_whole(listener& who) {
  set_keys(who, {});
  who.service->whole.add(who);
}

void subscriptions::remove(listener& who) {
  set_keys(who, {});
  listeners_.erase_if([&](const listener& one) { return &one == &who; });
}

bool subscriptions::wants(const listener& who, std::string_view key) {
  const subscription* const found = find_key(who.service->keys, key);
  return who.service->whole.contains(who) || (found != nullptr && found->listeners.contains(who));
}

std::string_view subscriptions::any_service() const {
  return services_.empty() ? std::string_view() : std::string_view(services_[0].name);
}

void subscriptions::match(std::string_view service, const json_value& record,
                          match_visitor& visit) {
  for (const service_interest& one : services_) {
    if (one.name != service) {
      continue;
    }
    text_list fields = one.key_fields;
    for (std::size_t field = 0; field != one.fields; ++field) {
      std::string buffer;
      const std::string_view key = key_text(record.member(take_text(fields)), buffer);
      const subscription* const found = find_key(one.keys, key);
      for (const pointer_set<listener>* all :
           {found != nullptr ? &found->listeners : nullptr, &one.whole}) {
        if (all == nullptr)
          continue;
        for (listener& who : *all) {
          if (who.field == field) {
            visit.matched(who, key);
          }
        }
      }
    }
  }
}

bool subscriptions::write_all(std::string& out, std::size_t limit) {
  changed_ = false;
  char separator = '{';
  for (service_interest& service : services_) {
    append_name(out, separator, service.name, ':');
    separator = ',';
    forget_unwanted(service.keys);
    for (subscription& one : service.keys) {
      one.told = false;
    }
    service.told_whole = !service.whole.empty();
    if (service.told_whole) {
      out += "null"sv;
    } else {
      write_keys(service, true, limit, out);
    }
    changed_ = changed_ || out.size() >= limit;
  }
  out += separator == '{' ? "{}"sv : "}"sv;
  return !changed_;
}

bool subscriptions::next_change(std::string& out) {
  const std::size_t begin = out.size();
  const std::size_t limit = begin + packet_limit;
  if (!changed_) {
    return false;
  }
  for (service_interest& service : services_) {
    const bool whole = !service.whole.empty();
    for (const bool subscribe : {true, false}) {
      out += subscribe ? "[\"subscribe\""sv : "[\"unsubscribe\""sv;
      append_name(out, ',', service.name, ',');
      if (whole == subscribe && service.told_whole != subscribe) {
        service.told_whole = subscribe;
        out += "null]"sv;
        return true;
      }
      if (write_keys(service, subscribe, limit, out)) {
        append(out, ']');
        return true;
      }
      out.erase(begin);
    }
    forget_unwanted(service.keys);
  }
  changed_ = false;
  return false;
}

}  // namespace flowcast::core
