#include "services/lease.hpp"

#include <utility>

#include "protocol/json_scanner.hpp"
#include "protocol/json_writer.hpp"
#include "services/json_fields.hpp"

namespace flowcast::services {

using protocol::json_kind;
using protocol::json_value;
using records::errc;
using records::error;
using records::event_type;
using stores::decided_change;
using stores::result;

namespace {

error refuse(std::string why) {
  return {errc::bad_request, std::move(why), {}, {}};
}

result<void> read_people(lease_request& into, json_value from) {
  into.holder = text_in(from.member("holder"));
  if (into.holder.empty()) {
    return refuse("Say who holds the lock: 'holder' is a text of your own, such as a UUID");
  }
  if (const json_value name = from.member("name"); name && !name.is(json_kind::null)) {
    if (!name.is(json_kind::string)) {
      return refuse("'name' is a text, for people");
    }
    if (std::string given = text_in(name); !given.empty()) {
      into.name = std::move(given);
    }
  }
  if (into.holder.size() > longest_holder || (into.name && into.name->size() > longest_holder)) {
    return refuse("'holder' and 'name' have at most " + std::to_string(longest_holder) + " bytes");
  }
  return {};
}

std::string with_reason(const records::record& last, std::string_view reason) {
  std::string json = last.json;
  json.pop_back();
  return json.append(R"(,"reason":")").append(reason).append("\"}");
}

decided_change ended(const records::record& last, std::string_view reason) {
  return {event_type::removed, with_reason(last, reason)};
}

std::optional<lease> read(const records::record* current) {
  return current == nullptr ? std::nullopt : read_lease(current->json);
}

error held(const lease& by, std::int64_t now) {
  return {errc::conflict,
          "'" + by.key + "' is held by " + by.name + " for another " +
              std::to_string(by.expires - now) + " ms",
          to_json(by),
          {}};
}

error nobody(const std::string& key) {
  return {errc::not_found, "Nobody holds '" + key + "': acquire it", {}, {}};
}

lease renewed(lease from, const lease_request& asked, std::chrono::milliseconds ttl,
              std::int64_t now) {
  from.name = asked.name.value_or(from.name);
  from.ttl = ttl.count();
  from.expires = now + from.ttl;
  return from;
}

bool is_theirs(const lease& held, const lease_request& asked) {
  return held.holder == asked.holder &&
         (held.user.empty() || !asked.user || held.user == *asked.user);
}

// What only the holder may do: its lease, or why not.
result<lease> of_holder(const records::record* current, const lease_request& asked,
                        std::int64_t now) {
  std::optional<lease> found = read(current);
  if (!found || !found->holds(now)) {
    return nobody(asked.key);
  }
  if (!is_theirs(*found, asked) || (asked.fence && *asked.fence != found->fence)) {
    return held(*found, now);
  }
  return *std::move(found);
}

}  // namespace

std::optional<lease> read_lease(std::string_view json) {
  const json_value from = protocol::scan_json(json).value;
  lease read{text_in(from.member("key")),
             text_in(from.member("holder")),
             text_in(from.member("name")),
             0,
             0,
             0,
             text_in(from.member("user"))};
  const auto ttl = number_in<std::int64_t>(from.member("ttl"));
  const auto expires = number_in<std::int64_t>(from.member("expires"));
  const auto fence = number_in<std::uint64_t>(from.member("fence"));
  if (read.key.empty() || read.holder.empty() || !ttl || !expires || !fence) {
    return std::nullopt;
  }
  read.ttl = *ttl;
  read.expires = *expires;
  read.fence = *fence;
  return read;
}

std::string to_json(const lease& what) {
  std::string json = R"({"key":)";
  protocol::append_json_string(json, what.key);
  json += R"(,"holder":)";
  protocol::append_json_string(json, what.holder);
  json += R"(,"name":)";
  protocol::append_json_string(json, what.name);
  if (!what.user.empty()) {
    json += R"(,"user":)";
    protocol::append_json_string(json, what.user);
  }
  json.append(R"(,"ttl":)").append(std::to_string(what.ttl));
  json.append(R"(,"expires":)").append(std::to_string(what.expires));
  if (what.fence != 0) {
    json.append(R"(,"fence":)").append(std::to_string(what.fence));
  }
  json += '}';
  return json;
}

result<lease_request> read_lease_request(std::string_view document, bool with_key) {
  const protocol::json_scan scan = protocol::scan_json(document, records::deepest_record);
  if (!scan || !scan.value.is(json_kind::object)) {
    return refuse(
        R"(A lock is asked for with a JSON object: {"key":"…","holder":"…","ttl":30000})");
  }
  lease_request read;
  if (with_key) {
    const json_value key = scan.value.member("key");
    if (key.is(json_kind::string) || key.is(json_kind::number)) {
      read.key = records::key_of(key);
    }
    if (read.key.empty() || read.key.size() > longest_lock_key) {
      return refuse("Say what is to be locked: 'key' is a text of at most " +
                    std::to_string(longest_lock_key) + " bytes, such as a GUID");
    }
  }
  if (auto people = read_people(read, scan.value); !people) {
    return people.error();
  }
  if (const json_value ttl = scan.value.member("ttl"); ttl && !ttl.is(json_kind::null)) {
    const auto given = number_in<std::int64_t>(ttl);
    if (!given || *given < shortest_lease.count() || *given > longest_lease.count()) {
      return refuse("'ttl' is a whole number of milliseconds, from " +
                    std::to_string(shortest_lease.count()) + " to " +
                    std::to_string(longest_lease.count()));
    }
    read.ttl = std::chrono::milliseconds(*given);
  }
  if (const json_value fence = scan.value.member("fence"); fence && !fence.is(json_kind::null)) {
    read.fence = number_in<std::uint64_t>(fence);
    if (!read.fence) {
      return refuse("'fence' is the number that came with the lease");
    }
  }
  return read;
}

lease_changes acquire(const records::record* current, const lease_request& asked,
                      std::int64_t now) {
  const std::optional<lease> found = read(current);
  const std::chrono::milliseconds ttl = asked.ttl.value_or(usual_lease);
  if (found && found->holds(now)) {
    if (!is_theirs(*found, asked)) {
      return held(*found, now);
    }
    return std::vector<decided_change>{
        {event_type::patched, to_json(renewed(*found, asked, ttl, now))}};
  }
  std::vector<decided_change> changes;
  if (current != nullptr) {
    changes.push_back(ended(*current, "expired"));
  }
  const lease made{asked.key,
                   asked.holder,
                   asked.name.value_or(asked.holder),
                   ttl.count(),
                   now + ttl.count(),
                   0,
                   asked.user.value_or(std::string())};
  changes.push_back({event_type::created, to_json(made)});
  return changes;
}

lease_changes renew(const records::record* current, const lease_request& asked, std::int64_t now) {
  auto mine = of_holder(current, asked, now);
  if (!mine) {
    return mine.error();
  }
  const std::chrono::milliseconds ttl = asked.ttl.value_or(std::chrono::milliseconds(mine->ttl));
  return std::vector<decided_change>{
      {event_type::patched, to_json(renewed(*std::move(mine), asked, ttl, now))}};
}

lease_changes release(const records::record* current, const lease_request& asked,
                      std::int64_t now) {
  if (auto mine = of_holder(current, asked, now); !mine) {
    return mine.error();
  }
  return std::vector<decided_change>{ended(*current, "released")};
}

lease_changes expire(const records::record* current, std::int64_t now) {
  const std::optional<lease> found = read(current);
  if (current == nullptr || (found && found->holds(now))) {
    return std::vector<decided_change>();
  }
  return std::vector<decided_change>{ended(*current, "expired")};
}

}  // namespace flowcast::services
