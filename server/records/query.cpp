#include "records/query.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <limits>
#include <numeric>
#include <system_error>
#include <utility>

#include "protocol/json_scanner.hpp"
#include "records/compact_json.hpp"
#include "records/json_compare.hpp"
#include "records/query_string.hpp"

namespace flowcast::records {

namespace {

using protocol::json_kind;
using protocol::json_member;
using protocol::json_value;

error refuse(std::string why) {
  return {errc::bad_request, std::move(why), {}, {}};
}

// JavaScript's parseInt(value, 10), without a value for NaN. Of a list, as a parameter that comes
// twice makes one, it reads the first.
std::optional<std::int64_t> parse_integer(json_value value) {
  if (value.is(json_kind::array)) {
    value = value.element(0);
  }
  std::string buffer;
  std::string_view text = value.is(json_kind::string) ? value.string(buffer) : value.text();
  if (!value.is(json_kind::string) && !value.is(json_kind::number)) {
    return std::nullopt;
  }
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault == std::errc::result_out_of_range) {
    return text.starts_with('-') ? std::numeric_limits<std::int64_t>::min()
                                 : std::numeric_limits<std::int64_t>::max();
  }
  if (fault != std::errc()) {
    return std::nullopt;
  }
  return number;
}

// Nothing but digits: of "2s", parse_integer() would make two milliseconds.
std::optional<std::chrono::milliseconds> read_delay(json_value value) {
  std::string buffer;
  const std::string_view text = value.is(json_kind::string) ? value.string(buffer) : value.text();
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  return std::chrono::milliseconds(*parse_integer(value));
}

std::vector<std::string> split_path(std::string_view name) {
  std::vector<std::string> path;
  while (true) {
    const std::size_t dot = name.find('.');
    path.emplace_back(name.substr(0, dot));
    if (dot == std::string_view::npos || path.size() == deepest_query) {
      return path;
    }
    name.remove_prefix(dot + 1);
  }
}

// As Feathers reads it: what names no field (as `$sort=text`) sorts nothing, and neither does a
// direction that is no number (as `asc`), nor any field behind it: its comparison is decided, as
// NaN.
result<std::vector<sort_field>> read_sort(json_value value) {
  std::vector<sort_field> fields;
  std::string buffer;
  for (const json_member& member : value.members()) {
    const std::optional<std::int64_t> direction = parse_integer(member.value);
    if (!direction) {
      break;
    }
    if (*direction != 0) {
      fields.push_back({split_path(member.name.string(buffer)), *direction < 0});
    }
  }
  if (fields.size() > most_sort_fields) {
    return refuse("$sort has more than " + std::to_string(most_sort_fields) + " fields");
  }
  return fields;
}

result<std::optional<std::vector<std::string>>> read_select(json_value value) {
  using selection = std::optional<std::vector<std::string>>;
  std::vector<std::string> fields;
  std::string buffer;
  if (value.is(json_kind::null) || value.text() == "\"\"") {
    return selection();
  }
  if (value.is(json_kind::string)) {
    fields.emplace_back(value.string(buffer));
    return selection(std::move(fields));
  }
  if (!value.is(json_kind::array)) {
    return refuse("$select must be an array of names, such as $select[]=text");
  }
  for (const json_value& each : value.elements()) {
    std::string name(each.is(json_kind::string) ? each.string(buffer) : each.text());
    if (std::find(fields.begin(), fields.end(), name) == fields.end()) {
      fields.push_back(std::move(name));
    }
    if (fields.size() > most_selected_fields) {
      return refuse("$select has more than " + std::to_string(most_selected_fields) + " names");
    }
  }
  return selection(std::move(fields));
}

json_value scan_record(const record& from) {
  return protocol::scan_json(from.json, protocol::highest_json_depth).value;
}

json_value at_path(json_value from, const std::vector<std::string>& path) {
  for (const std::string& name : path) {
    from = from.member(name);
  }
  return from;
}

}  // namespace

result<query> query::from_query_string(std::string_view text) {
  if (text.empty()) {
    return query();
  }
  auto json = query_string_to_json(text);
  if (!json) {
    return json.error();
  }
  return compile(*std::move(json), true);
}

result<query> query::from_json(std::string_view text) {
  if (text.size() > longest_query_json) {
    return refuse("The query is longer than " + std::to_string(longest_query_json) + " bytes");
  }
  return compile(std::string(text), false);
}

result<query> query::compile(std::string json, bool from_url) {
  query made;
  auto compiled = std::make_shared<query::compiled>();
  compiled->json = std::move(json);
  const protocol::json_scan scan = protocol::scan_json(compiled->json);
  if (!scan) {
    return refuse("The query is not valid JSON: " + std::string(describe(scan.fault)) +
                  " at byte " + std::to_string(scan.at));
  }
  if (!scan.value.is(json_kind::object)) {
    const bool has_members = (scan.value.is(json_kind::string) && scan.value.text() != "\"\"") ||
                             (scan.value.is(json_kind::array) && scan.value.element(0));
    if (has_members) {
      compiled->conditions = filter::nothing();
    }
    made.compiled_ = std::move(compiled);
    return made;
  }
  std::vector<json_member> conditions;
  std::string buffer;
  for (const json_member& member : scan.value.members()) {
    const std::string_view name = member.name.string(buffer);
    if (!name.starts_with('$') || name == "$or" || name == "$and") {
      conditions.push_back(member);
    } else if (auto taken = made.take_filter(*compiled, name, member.value); !taken) {
      return taken.error();
    }
  }
  auto filter = filter::compile(conditions, from_url);
  if (!filter) {
    return filter.error();
  }
  compiled->conditions = *std::move(filter);
  made.compiled_ = std::move(compiled);
  return made;
}

result<void> query::take_filter(compiled& into, std::string_view name, json_value value) {
  if (name == "$limit") {
    limit = parse_integer(value);
    if (limit && *limit < 0) {
      limit.reset();
    }
  } else if (name == "$skip") {
    skip = std::max<std::int64_t>(parse_integer(value).value_or(0), 0);
  } else if (name == "$sort") {
    auto fields = read_sort(value);
    if (!fields) {
      return fields.error();
    }
    into.sort = *std::move(fields);
  } else if (name == "$select") {
    auto fields = read_select(value);
    if (!fields) {
      return fields.error();
    }
    into.select = *std::move(fields);
  } else if (name == "$deliverAfter") {
    const std::optional<std::chrono::milliseconds> wait = read_delay(value);
    if (!wait) {
      return refuse("$deliverAfter must be a number of milliseconds");
    }
    deliver_after = *wait;
  } else {
    return refuse("Invalid filter value " + std::string(name));
  }
  return {};
}

bool query::matches(const record& candidate) const {
  if (!reaches(candidate.key)) {
    return false;
  }
  if (!higher_.first.empty()) {
    const json_value number = scan_record(candidate).member(higher_.first);
    if (!number.is(json_kind::number) ||
        compare_numbers(number.text(), std::to_string(higher_.second)) <= 0) {
      return false;
    }
  }
  return !compiled_ || compiled_->conditions.matches_all() ||
         compiled_->conditions.matches(scan_record(candidate));
}

std::optional<std::vector<std::string>> query::possible_keys(std::string_view key_field) const {
  const operand* const asked = compiled_ ? compiled_->conditions.required(key_field) : nullptr;
  // A key is the text of a scalar; arrays and objects have none, and neither do their look-alikes.
  if (asked == nullptr || asked->value.is(json_kind::array) || asked->value.is(json_kind::object)) {
    return only_ ? only_->listed() : std::nullopt;
  }
  std::vector<std::string> keys{key_of(asked->value)};
  if (asked->coerced) {
    keys.push_back(key_of(asked->coerced));
  }
  return keys;
}

std::optional<std::string> query::required(std::string_view field) const {
  const operand* const asked = compiled_ ? compiled_->conditions.required(field) : nullptr;
  if (asked == nullptr ||
      !(asked->value.is(json_kind::string) || asked->value.is(json_kind::number))) {
    return std::nullopt;
  }
  return key_of(asked->value);
}

void query::sort(std::vector<record>& found) const {
  if (!has_sort()) {
    return;
  }
  const std::vector<sort_field>& fields = compiled_->sort;
  // The compared values are looked up once a record, not once a comparison.
  std::vector<json_value> values;
  values.reserve(found.size() * fields.size());
  for (const record& each : found) {
    const json_value scanned = scan_record(each);
    for (const sort_field& field : fields) {
      values.push_back(at_path(scanned, field.path));
    }
  }
  std::vector<std::size_t> order(found.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const int compared =
          compare_values(values[a * fields.size() + i], values[b * fields.size() + i]);
      if (compared != 0) {
        return (compared < 0) != fields[i].descending;
      }
    }
    return false;
  });
  std::vector<record> sorted;
  sorted.reserve(found.size());
  for (const std::size_t index : order) {
    sorted.push_back(std::move(found[index]));
  }
  found = std::move(sorted);
}

record query::select(record from, std::string_view id_field) const {
  if (!has_select()) {
    return from;
  }
  const json_value members = scan_record(from);
  std::string json = "{";
  const auto append = [&json, members](std::string_view name) {
    json_member found;
    for (const json_member& member : members.members()) {
      if (member.name.equals(name)) {
        found = member;
      }
    }
    if (!found.value) {
      return;
    }
    if (json.size() > 1) {
      json += ',';
    }
    json += found.name.text();
    json += ':';
    json += found.value.text();
  };
  const std::vector<std::string>& names = *compiled_->select;
  std::for_each(names.begin(), names.end(), append);
  if (std::find(names.begin(), names.end(), id_field) == names.end()) {
    append(id_field);
  }
  json += '}';
  from.json = std::move(json);
  return from;
}

}  // namespace flowcast::records
