#include "records/record.hpp"

#include <unordered_map>
#include <utility>

#include "protocol/json_scanner.hpp"
#include "protocol/json_writer.hpp"
#include "records/compact_json.hpp"
#include "records/json_compare.hpp"
#include "records/repeated_members.hpp"

namespace flowcast::records {

namespace {

using protocol::json_kind;
using protocol::json_value;

error refuse(std::string why) {
  return {errc::bad_request, std::move(why), {}, {}};
}

// What `data.id ||` passes over in JavaScript.
bool is_falsy(json_value value) {
  switch (value.kind()) {
    case json_kind::absent:
    case json_kind::null:
      return true;
    case json_kind::boolean:
      return !value.is_true();
    case json_kind::number:
      return compare_numbers(value.text(), "0") == 0;
    case json_kind::string:
      return value.text() == "\"\"";
    default:
      return false;
  }
}

void append_member(std::string& object, std::string_view name, std::string_view value) {
  object.pop_back();
  if (object.size() > 1) {
    object += ',';
  }
  protocol::append_json_string(object, name);
  object += ':';
  object += value;
  object += '}';
}

result<void> take_id(document& into, json_value value, std::size_t at, const std::string& name) {
  into.id_at = at;
  into.id_size = value.text().size();
  if (is_falsy(value)) {
    return {};
  }
  into.id = record_id::from_json(value);
  if (!into.id) {
    return refuse("The '" + name + "' of a record must be a string of at most " +
                  std::to_string(longest_record_id) + " bytes, or a number");
  }
  return {};
}

struct named_fields {
  json_value id;
  json_value key;
  bool repeats = false;  // a name is there twice
};

named_fields find_fields(json_value object, const record_fields& fields) {
  named_fields found;
  seen_names names;
  for (const protocol::json_member& member : object.members()) {
    found.repeats = names.add(member.name) || found.repeats;
    if (member.name.equals(fields.id)) {
      found.id = member.value;
    }
    if (member.name.equals(fields.key)) {
      found.key = member.value;
    }
  }
  return found;
}

// The checked text of a record that a store keeps.
json_value stored(const record& from) {
  return protocol::scan_json(from.json, protocol::highest_json_depth).value;
}

}  // namespace

std::string key_of(json_value value) {
  switch (value.kind()) {
    case json_kind::string: {
      std::string buffer;
      return std::string(value.string(buffer));
    }
    case json_kind::number:
      return canonical_number(value.text());
    case json_kind::boolean:
      return std::string(value.text());
    default:
      return {};
  }
}

result<document> read_document(std::string text, const record_fields& fields) {
  protocol::json_scan scan = protocol::scan_json(text, deepest_record);
  if (!scan && !text.empty()) {
    error refused = refuse("The record is not valid JSON: " + std::string(describe(scan.fault)) +
                           " at byte " + std::to_string(scan.at));
    if (scan.fault == protocol::json_fault::too_deep)
      refused.cause = error_cause::json_too_deep;
    return refused;
  }
  if (text.empty() || !scan.value.is(json_kind::object)) {
    return refuse("A record must be a JSON object, such as {\"" + fields.key + "\":\"…\"}");
  }
  document read;
  read.json = std::move(text);
  const std::size_t size = read.json.size();
  compact_json(read.json);
  // A short string moves its bytes, and a compacted one has changed them: either way the slices are
  // stale.
  if (read.json.size() != size || read.json.data() != scan.value.text().data()) {
    scan = protocol::scan_json(read.json, deepest_record);
  }
  named_fields named = find_fields(scan.value, fields);
  if (named.repeats) {
    read.json = without_repeated_members(scan.value);
    named = find_fields(protocol::scan_json(read.json, deepest_record).value, fields);
  }
  if (named.id) {
    const auto at = static_cast<std::size_t>(named.id.text().data() - read.json.data());
    if (auto taken = take_id(read, named.id, at, fields.id); !taken) {
      return taken.error();
    }
  }
  if (named.key) {
    read.key = key_of(named.key);
  }
  return read;
}

record make_record(document from, record_id id, std::string_view id_json,
                   const record_fields& fields) {
  if (from.id_size != 0) {
    from.json.replace(from.id_at, from.id_size, id_json);
  } else {
    append_member(from.json, fields.id, id_json);
  }
  if (fields.key == fields.id) {
    from.key = id.text();
  }
  return {std::move(id), std::move(from.key), std::move(from.json)};
}

record make_record(document from, std::int64_t id, const record_fields& fields) {
  record_id numbered(id);
  const std::string json = numbered.text();
  return make_record(std::move(from), std::move(numbered), json, fields);
}

record update_record(const record& current, document with, const record_fields& fields) {
  return make_record(std::move(with), current.id, stored(current).member(fields.id).text(), fields);
}

record patch_record(const record& current, const document& with, const record_fields& fields) {
  const json_value patch = protocol::scan_json(with.json, protocol::highest_json_depth).value;
  std::unordered_map<std::string, json_value> changes;
  std::string buffer;
  for (const protocol::json_member& member : patch.members()) {
    changes.insert_or_assign(std::string(member.name.string(buffer)), member.value);
  }
  changes.erase(fields.id);

  record patched{current.id, current.key, "{"};
  const auto append = [&patched](json_value name, json_value value) {
    if (patched.json.size() > 1) {
      patched.json += ',';
    }
    patched.json += name.text();
    patched.json += ':';
    patched.json += value.text();
  };
  std::unordered_map<std::string, json_value> added = changes;
  for (const protocol::json_member& member : stored(current).members()) {
    const std::string name(member.name.string(buffer));
    const auto change = changes.find(name);
    append(member.name, change == changes.end() ? member.value : change->second);
    added.erase(name);
  }
  for (const protocol::json_member& member : patch.members()) {
    const auto addition = added.find(std::string(member.name.string(buffer)));
    if (addition != added.end()) {
      append(member.name, addition->second);
      added.erase(addition);
    }
  }
  patched.json += '}';
  if (const auto key = changes.find(fields.key); key != changes.end()) {
    patched.key = key_of(key->second);
  }
  return patched;
}

}  // namespace flowcast::records
