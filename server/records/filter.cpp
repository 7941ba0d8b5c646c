#include "records/filter.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "protocol/json_scanner.hpp"
#include "records/compact_json.hpp"
#include "records/json_compare.hpp"

namespace flowcast::records {

namespace {

using protocol::json_kind;
using protocol::json_member;
using protocol::json_value;

struct named_comparison {
  std::string_view name;
  comparison meaning;
};

constexpr std::array comparisons = {
    named_comparison{"$in", comparison::in},
    named_comparison{"$nin", comparison::not_in},
    named_comparison{"$lt", comparison::less},
    named_comparison{"$lte", comparison::less_equal},
    named_comparison{"$gt", comparison::greater},
    named_comparison{"$gte", comparison::greater_equal},
    named_comparison{"$ne", comparison::not_equal},
};

bool is_nothing(json_value value) {
  return value.is(json_kind::absent) || value.is(json_kind::null);
}

json_value meant(const operand& with, json_value field) {
  return with.coerced && with.coerced.is(field.kind()) ? with.coerced : with.value;
}

bool is_ordered(json_kind kind) {
  return kind == json_kind::number || kind == json_kind::string || kind == json_kind::boolean;
}

bool passes_order(comparison how, json_value field, json_value with) {
  const bool or_equal = how == comparison::less_equal || how == comparison::greater_equal;
  if (is_nothing(field) || is_nothing(with)) {
    return or_equal && is_nothing(field) && is_nothing(with);
  }
  if (field.kind() != with.kind() || !is_ordered(field.kind())) {
    return false;
  }
  const int order = compare_values(field, with);
  if (order == 0) {
    return or_equal;
  }
  const bool wants_less = how == comparison::less || how == comparison::less_equal;
  return wants_less == (order < 0);
}

// The positive form of each comparison: the negative ones are what is left.
bool passes(comparison how, json_value field, const std::vector<operand>& operands) {
  switch (how) {
    case comparison::equal:
    case comparison::not_equal:
    case comparison::in:
    case comparison::not_in:
      return std::any_of(operands.begin(), operands.end(), [field](const operand& with) {
        return equal_values(field, meant(with, field));
      });
    default:
      return passes_order(how, field, meant(operands.front(), field));
  }
}

bool is_index(std::string_view name) {
  return !name.empty() && name.size() < 10 &&
         name.find_first_not_of("0123456789") == std::string_view::npos;
}

// Whether any of the values at a path passes: an array stands for each of its elements, and for
// itself.
template <class Test>
bool any_value(json_value at, const std::string* name, const std::string* end, const Test& test) {
  if (at.is(json_kind::array) && (name == end || !is_index(*name))) {
    for (const json_value& element : at.elements()) {
      if (any_value(element, name, end, test)) {
        return true;
      }
    }
  }
  if (name == end || is_nothing(at)) {
    return test(at);
  }
  if (at.is(json_kind::array) && is_index(*name)) {
    return any_value(at.element(std::stoul(*name)), name + 1, end, test);
  }
  return any_value(at.member(*name), name + 1, end, test);
}

}  // namespace

// Turns JSON into a filter, within the limits of one query.
class filter_compiler {
 public:
  explicit filter_compiler(bool from_url) : from_url_(from_url) {}

  [[nodiscard]] result<filter> conjunction(const std::vector<json_member>& members,
                                           unsigned depth) {
    if (depth > deepest_query) {
      return refuse("The query is nested too deeply");
    }
    filter all;
    for (const json_member& member : members) {
      const std::string_view name = member.name.string(buffer_);
      const std::string owned(name);
      if (owned == "$or" || owned == "$and") {
        auto group = alternatives(owned, member.value, depth);
        if (!group) {
          return group;
        }
        all.children_.push_back(*std::move(group));
      } else if (auto refused = property(all, owned, member.value); !refused) {
        return refused.error();
      }
    }
    return all;
  }

 private:
  [[nodiscard]] static error refuse(std::string why) {
    return {errc::bad_request, std::move(why), {}, {}};
  }

  [[nodiscard]] static error refuse_parameter(const std::string& name, json_value within) {
    std::string data(within.text());
    compact_json(data);
    return {errc::bad_request, "Invalid query parameter " + name, std::move(data), {}};
  }

  [[nodiscard]] result<filter> alternatives(const std::string& name, json_value list,
                                            unsigned depth) {
    if (!list.is(json_kind::array)) {
      return refuse("The value of " + name + " must be an array of queries");
    }
    filter group;
    group.kind_ = name == "$or" ? filter::kind::any : filter::kind::all;
    for (const json_value& each : list.elements()) {
      if (++values_ > most_query_values) {
        return refuse_size();
      }
      if (!each.is(json_kind::object)) {
        // Compared with the record as a whole, as in Feathers: no record is a text or a number.
        group.children_.push_back(filter::nothing());
        continue;
      }
      std::vector<json_member> members;
      for (const json_member& member : each.members()) {
        const std::string inner(member.name.string(buffer_));
        if (inner.starts_with('$') && inner != "$or" && inner != "$and") {
          return refuse_parameter(inner, each);
        }
        members.push_back(member);
      }
      auto compiled = conjunction(members, depth + 1);
      if (!compiled) {
        return compiled;
      }
      group.children_.push_back(*std::move(compiled));
    }
    return group;
  }

  [[nodiscard]] result<void> property(filter& into, const std::string& name, json_value value) {
    filter condition;
    condition.kind_ = filter::kind::condition;
    if (!split(name, condition.path_)) {
      return refuse("The query is nested too deeply");
    }
    const bool has_operators = value.is(json_kind::object) && any_operator(value);
    if (!has_operators) {
      if (auto checked = check_exact(value); !checked) {
        return checked;
      }
      return add(into, std::move(condition), {value});
    }
    for (const json_member& member : value.members()) {
      const std::string op(member.name.string(buffer_));
      if (!op.starts_with('$')) {
        return refuse("Property queries must contain only operations, or exact objects.");
      }
      const auto known =
          std::find_if(comparisons.begin(), comparisons.end(),
                       [&op](const named_comparison& candidate) { return candidate.name == op; });
      if (known == comparisons.end()) {
        return refuse_parameter(op, value);
      }
      filter each = condition;
      each.comparison_ = known->meaning;
      std::vector<json_value> values{member.value};
      const bool many = known->meaning == comparison::in || known->meaning == comparison::not_in;
      if (many && member.value.is(json_kind::array)) {
        values.clear();
        for (const json_value& element : member.value.elements()) {
          values.push_back(element);
        }
      }
      if (auto added = add(into, std::move(each), values); !added) {
        return added;
      }
    }
    return {};
  }

  [[nodiscard]] bool any_operator(json_value object) {
    for (const json_member& member : object.members()) {
      if (member.name.string(buffer_).starts_with('$')) {
        return true;
      }
    }
    return false;
  }

  // An object that is compared as a whole still may not hold operators that do not exist.
  [[nodiscard]] result<void> check_exact(json_value value) {
    for (const json_member& member : value.members()) {
      const std::string name(member.name.string(buffer_));
      const bool known = name == "$or" || name == "$and" ||
                         std::any_of(comparisons.begin(), comparisons.end(),
                                     [&name](const named_comparison& candidate) {
                                       return candidate.name == name;
                                     });
      if (name.starts_with('$') && !known) {
        return refuse_parameter(name, value);
      }
      if (auto checked = check_exact(member.value); !checked) {
        return checked;
      }
    }
    return {};
  }

  [[nodiscard]] result<void> add(filter& into, filter condition,
                                 const std::vector<json_value>& values) {
    values_ += values.size() + 1;
    if (values_ > most_query_values) {
      return refuse_size();
    }
    for (const json_value& value : values) {
      condition.operands_.push_back({value, coerce(value)});
    }
    into.children_.push_back(std::move(condition));
    return {};
  }

  [[nodiscard]] static error refuse_size() {
    return refuse("The query compares with more than " + std::to_string(most_query_values) +
                  " values");
  }

  [[nodiscard]] json_value coerce(json_value value) const {
    if (!from_url_ || !value.is(json_kind::string)) {
      return {};
    }
    const std::string_view content = value.text().substr(1, value.text().size() - 2);
    const protocol::json_scan scan = protocol::scan_json(content, 0);
    const bool useful = scan.value.is(json_kind::number) || scan.value.is(json_kind::boolean);
    return useful ? scan.value : json_value();
  }

  [[nodiscard]] static bool split(std::string_view name, std::vector<std::string>& path) {
    while (true) {
      const std::size_t dot = name.find('.');
      path.emplace_back(name.substr(0, dot));
      if (dot == std::string_view::npos) {
        return true;
      }
      if (path.size() == deepest_query) {
        return false;
      }
      name.remove_prefix(dot + 1);
    }
  }

  bool from_url_;
  std::size_t values_ = 0;
  std::string buffer_;
};

result<filter> filter::compile(const std::vector<json_member>& members, bool from_url) {
  return filter_compiler(from_url).conjunction(members, 0);
}

filter filter::nothing() {
  filter none;
  none.kind_ = kind::any;
  return none;
}

bool filter::matches(json_value record) const {
  const auto child_matches = [record](const filter& child) { return child.matches(record); };
  switch (kind_) {
    case kind::all:
      return std::all_of(children_.begin(), children_.end(), child_matches);
    case kind::any:
      return std::any_of(children_.begin(), children_.end(), child_matches);
    case kind::condition:
      break;
  }
  const bool found =
      any_value(record, path_.data(), path_.data() + path_.size(),
                [this](json_value field) { return passes(comparison_, field, operands_); });
  const bool negative = comparison_ == comparison::not_equal || comparison_ == comparison::not_in;
  return found != negative;
}

const operand* filter::required(std::string_view field) const {
  if (kind_ == kind::condition) {
    const bool equals = comparison_ == comparison::equal ||
                        (comparison_ == comparison::in && operands_.size() == 1);
    return equals && path_.size() == 1 && path_.front() == field ? &operands_.front() : nullptr;
  }
  if (kind_ == kind::all) {
    for (const filter& child : children_) {
      if (const operand* const found = child.required(field)) {
        return found;
      }
    }
  }
  return nullptr;
}

}  // namespace flowcast::records
