#include "records/query_string.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "protocol/decimal.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/utf8.hpp"

namespace flowcast::records {

namespace {

constexpr std::size_t deepest_brackets = 5;
constexpr std::size_t highest_index = 100;

int hexadecimal(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const int letter = (c | 0x20) - 'a';
  return letter >= 0 && letter < 6 ? letter + 10 : -1;
}

// What is built from the parameters, as a JavaScript value would be. An array is an object whose
// names are indices.
struct node {
  enum class kind : std::uint8_t { text, array, object };
  struct member;

  kind what = kind::text;
  std::string text;
  std::vector<member> members;

  [[nodiscard]] node* find(std::string_view name);
  void push(node value);
};

struct node::member {
  std::string name;
  node value;
};

node* node::find(std::string_view name) {
  const auto found = std::find_if(members.begin(), members.end(), [name](const member& candidate) {
    return candidate.name == name;
  });
  return found == members.end() ? nullptr : &found->value;
}

std::optional<std::size_t> index_of(std::string_view name) {
  const bool canonical = !name.starts_with('0') || name.size() == 1;
  return canonical ? protocol::whole_number<std::size_t>(name) : std::nullopt;
}

void node::push(node value) {
  const std::size_t next = members.empty() ? 0 : index_of(members.back().name).value_or(0) + 1;
  members.push_back({std::to_string(next), std::move(value)});
}

node text_node(std::string text) {
  return {node::kind::text, std::move(text), {}};
}

node array_of(node first) {
  node array{node::kind::array, {}, {}};
  array.push(std::move(first));
  return array;
}

void merge_into(node& target, node source);

void merge_members(node& target, node source) {
  for (node::member& member : source.members) {
    if (node* const present = target.find(member.name)) {
      merge_into(*present, std::move(member.value));
    } else {
      target.members.push_back(std::move(member));
    }
  }
}

void merge_arrays(node& target, node source) {
  for (node::member& member : source.members) {
    node* const present = target.find(member.name);
    if (present == nullptr) {
      const auto behind = std::find_if(target.members.begin(), target.members.end(),
                                       [&member](const node::member& candidate) {
                                         return index_of(candidate.name) > index_of(member.name);
                                       });
      target.members.insert(behind, std::move(member));
    } else if (present->what != node::kind::text && member.value.what != node::kind::text) {
      merge_into(*present, std::move(member.value));
    } else {
      target.push(std::move(member.value));
    }
  }
}

void merge_into(node& target, node source) {
  if (source.what == node::kind::text) {
    if (target.what == node::kind::array) {
      target.push(std::move(source));
    } else if (target.what == node::kind::object) {
      if (target.find(source.text) == nullptr) {
        target.members.push_back({std::move(source.text), text_node("true")});
      }
    } else {
      target = array_of(std::move(target));
      target.push(std::move(source));
    }
    return;
  }
  if (target.what == node::kind::text) {
    target = array_of(std::move(target));
    if (source.what == node::kind::array) {
      for (node::member& member : source.members) {
        target.push(std::move(member.value));
      }
    } else {
      target.push(std::move(source));
    }
    return;
  }
  if (target.what == node::kind::array && source.what == node::kind::array) {
    merge_arrays(target, std::move(source));
    return;
  }
  target.what = node::kind::object;
  merge_members(target, std::move(source));
}

// The next "[…]" from `from` on that has no bracket inside; empty if there is none.
std::string_view next_brackets(std::string_view name, std::size_t from) {
  std::size_t open = name.find('[', from);
  while (open != std::string_view::npos) {
    const std::size_t close = name.find_first_of("[]", open + 1);
    if (close == std::string_view::npos) {
      break;
    }
    if (name[close] == ']') {
      return name.substr(open, close + 1 - open);
    }
    open = close;
  }
  return {};
}

struct name_part {
  std::string_view name;
  bool bracketed = false;
};

// "a[b][c]" → a, b, c. What is nested too deeply is one name, brackets and all.
std::vector<name_part> split_name(std::string_view name) {
  std::string_view brackets = next_brackets(name, 0);
  if (brackets.empty()) {
    return {{name}};
  }
  std::vector<name_part> parts;
  if (brackets.data() != name.data()) {
    parts.push_back({name.substr(0, static_cast<std::size_t>(brackets.data() - name.data()))});
  }
  for (std::size_t depth = 0; !brackets.empty(); ++depth) {
    const auto at = static_cast<std::size_t>(brackets.data() - name.data());
    if (depth == deepest_brackets) {
      parts.push_back({name.substr(at), true});
      break;
    }
    parts.push_back({brackets.substr(1, brackets.size() - 2), true});
    brackets = next_brackets(name, at + brackets.size());
  }
  return parts;
}

// The value with the parameter's name around it. Without a value for names that would reach into a
// prototype.
std::optional<node> nest(std::string_view name, node leaf) {
  std::vector<name_part> parts = split_name(name);
  for (; !parts.empty(); parts.pop_back()) {
    const name_part& part = parts.back();
    if (part.bracketed && part.name.empty()) {
      leaf = leaf.what == node::kind::array ? std::move(leaf) : array_of(std::move(leaf));
      continue;
    }
    if (part.name == "__proto__") {
      return std::nullopt;
    }
    const auto index = part.bracketed ? index_of(part.name) : std::nullopt;
    node around{index && *index <= highest_index ? node::kind::array : node::kind::object, {}, {}};
    around.members.push_back({std::string(part.name), std::move(leaf)});
    leaf = std::move(around);
  }
  return leaf;
}

void append_json(std::string& out, const node& value) {
  if (value.what == node::kind::text) {
    protocol::append_json_string(out, value.text);
    return;
  }
  const bool array = value.what == node::kind::array;
  out += array ? '[' : '{';
  for (const node::member& member : value.members) {
    if (&member != &value.members.front()) {
      out += ',';
    }
    if (!array) {
      protocol::append_json_string(out, member.name);
      out += ':';
    }
    append_json(out, member.value);
  }
  out += array ? ']' : '}';
}

std::string decode_component(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return decode_percent(spaced);
}

struct parameter {
  std::string name;
  node value;
};

parameter read_parameter(std::string_view part) {
  const std::size_t bracket = part.find("]=");
  const std::size_t equals = bracket == std::string_view::npos ? part.find('=') : bracket + 1;
  if (equals == std::string_view::npos) {
    return {decode_component(part), text_node({})};
  }
  return {decode_component(part.substr(0, equals)),
          text_node(decode_component(part.substr(equals + 1)))};
}

}  // namespace

std::string decode_percent(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      decoded += text[at];
      continue;
    }
    const int high = at + 2 < text.size() ? hexadecimal(text[at + 1]) : -1;
    const int low = high < 0 ? -1 : hexadecimal(text[at + 2]);
    if (low < 0) {
      return std::string(text);
    }
    decoded += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return protocol::is_utf8(decoded) ? decoded : std::string(text);
}

result<std::string> query_string_to_json(std::string_view text) {
  if (text.size() > longest_query_string) {
    return error{
        errc::bad_request,
        "The query string is longer than " + std::to_string(longest_query_string) + " bytes",
        {},
        {}};
  }
  // First by name, so that `a=1&a=2` is one array; then each name is taken apart.
  std::vector<parameter> parameters;
  std::size_t count = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (part.empty()) {
      continue;
    }
    if (++count > most_query_parameters) {
      return error{
          errc::bad_request,
          "The query has more than " + std::to_string(most_query_parameters) + " parameters",
          {},
          {}};
    }
    parameter read = read_parameter(part);
    if (read.name.empty()) {
      continue;
    }
    const auto same =
        std::find_if(parameters.begin(), parameters.end(),
                     [&read](const parameter& candidate) { return candidate.name == read.name; });
    if (same == parameters.end()) {
      parameters.push_back(std::move(read));
    } else {
      merge_into(same->value, std::move(read.value));
    }
  }
  node root{node::kind::object, {}, {}};
  for (parameter& each : parameters) {
    if (std::optional<node> nested = nest(each.name, std::move(each.value))) {
      if (nested->what == node::kind::array) {
        nested->what = node::kind::object;
      }
      merge_members(root, std::move(*nested));
    }
  }
  std::string json;
  append_json(json, root);
  return json;
}

}  // namespace flowcast::records
