#include "core/subscriptions.hpp"

namespace flowcast::core {
namespace {

using namespace std::string_view_literals;
using protocol::json_kind;
using protocol::json_value;

// A Mendix GUID of 18 digits, with quotes and comma.
constexpr std::size_t usual_key_size = 21;

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

void append_name(text_buffer& out, char separator, std::string_view name, char end) {
  out += separator;
  append_json(out, name);
  out += end;
}

// The keys that the server must be told of: to subscribe to, or to unsubscribe from.
bool to_be_told(const service_interest& service, const subscription& one, bool subscribe) {
  const bool needed = service.whole.empty() && !one.listeners.empty();
  return needed == subscribe && one.told != subscribe;
}

// Appends an array of those keys, and takes them as told; false if there are none.
bool write_keys(const service_interest& service, bool subscribe, text_buffer& out) {
  char separator = '[';
  for (subscription& one : service.keys) {
    if (to_be_told(service, one, subscribe)) {
      one.told = subscribe;
      out += separator;
      separator = ',';
      append_json(out, one.key);
    }
  }
  const bool any = separator == ',';
  out += any ? "]"sv : "[]"sv;
  return any;
}

}  // namespace

std::string_view key_text(const json_value& value, text_buffer& buffer) {
  return value.is(json_kind::number) ? value.text() : string_of(value, buffer);
}

service_interest* subscriptions::find_service(std::string_view name) const {
  for (service_interest& service : services_) {
    if (service.name == name) {
      return &service;
    }
  }
  return nullptr;
}

listener& subscriptions::add(std::string_view service, std::string_view key_field, text_list own) {
  listener& added = listeners_.add();
  added.id = ++last_id_;
  added.service = find_service(service);
  if (added.service == nullptr) {
    added.service = &services_.add();
    added.service->name = service;
  }
  ++added.service->listeners;
  added.own = own;
  text_list fields = added.service->key_fields;
  while (!fields.empty() && take_text(fields) != key_field) {
    ++added.field;
  }
  if (added.field == added.service->fields) {
    ++added.service->fields;
    added.service->key_fields += key_field;
    added.service->key_fields += '\0';
  }
  return added;
}

listener* subscriptions::find(listener_id id) const {
  for (listener& one : listeners_) {
    if (one.id == id) {
      return &one;
    }
  }
  return nullptr;
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
  --who.service->listeners;
  listeners_.erase_if([&](const listener& one) { return &one == &who; });
}

bool subscriptions::wants(const listener& who, std::string_view key) {
  const subscription* const found = find_key(who.service->keys, key);
  return who.service->whole.contains(who) || (found != nullptr && found->listeners.contains(who));
}

void subscriptions::match(std::string_view name, const json_value& record, match_visitor& visit) {
  const service_interest* const service = find_service(name);
  if (service == nullptr) {
    return;
  }
  text_list fields = service->key_fields;
  for (std::size_t field = 0; !fields.empty(); ++field) {
    text_buffer buffer;
    const std::string_view key = key_text(record.member(take_text(fields)), buffer);
    const subscription* const found = find_key(service->keys, key);
    for (const bool whole : {false, true}) {
      if (!whole && found == nullptr) {
        continue;
      }
      for (listener& who : whole ? service->whole : found->listeners) {
        if (who.field == field) {
          visit.matched(who, key);
        }
      }
    }
  }
}

void subscriptions::write_all(text_buffer& out) {
  char separator = '{';
  for (service_interest& service : services_) {
    if (service.listeners == 0) {
      continue;
    }
    append_name(out, separator, service.name, ':');
    separator = ',';
    forget_unwanted(service.keys);
    // All at once: what a text outgrows is of little use to others.
    out.reserve(out.size() + usual_key_size * (service.keys.size() + 1));
    for (subscription& one : service.keys) {
      one.told = false;
    }
    service.told_whole = !service.whole.empty();
    if (service.told_whole) {
      out += "null"sv;
    } else {
      write_keys(service, true, out);
    }
  }
  out += '}';
  changed_ = false;
}

bool subscriptions::next_change(text_buffer& out) {
  if (!changed_) {
    return false;
  }
  for (service_interest& service : services_) {
    const bool whole = !service.whole.empty();
    for (const bool subscribe : {true, false}) {
      out.clear();
      out += subscribe ? "[\"subscribe\""sv : "[\"unsubscribe\""sv;
      append_name(out, ',', service.name, ',');
      if (whole == subscribe && service.told_whole != subscribe) {
        service.told_whole = subscribe;
        out += "null]"sv;
        return true;
      }
      if (write_keys(service, subscribe, out)) {
        out += ']';
        return true;
      }
    }
    forget_unwanted(service.keys);
  }
  changed_ = false;
  return false;
}

}  // namespace flowcast::core
