#include "records/json_compare.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <system_error>
#include <vector>

namespace flowcast::records {

namespace {

using protocol::json_kind;
using protocol::json_value;

bool is_integer(std::string_view number) {
  return number.find_first_of(".eE") == std::string_view::npos;
}

double to_double(std::string_view number) {
  double value = 0;
  const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (fault == std::errc::result_out_of_range) {
    const bool tiny =
        number.find("e-") != std::string_view::npos || number.find("E-") != std::string_view::npos;
    value = tiny ? 0 : std::numeric_limits<double>::infinity();
    return number.front() == '-' ? -value : value;
  }
  return value;
}

int sign_of(bool less, bool greater) {
  return less ? -1 : static_cast<int>(greater);
}

int compare_magnitudes(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) {
    return a.size() < b.size() ? -1 : 1;
  }
  const int order = a.compare(b);
  return sign_of(order<0, order> 0);
}

int compare_integers(std::string_view a, std::string_view b) {
  const bool a_negative = a.front() == '-' && a != "-0";
  const bool b_negative = b.front() == '-' && b != "-0";
  if (a_negative != b_negative) {
    return a_negative ? -1 : 1;
  }
  a.remove_prefix(a.front() == '-' ? 1 : 0);
  b.remove_prefix(b.front() == '-' ? 1 : 0);
  return a_negative ? compare_magnitudes(b, a) : compare_magnitudes(a, b);
}

bool equal_arrays(json_value a, json_value b) {
  auto left = a.elements().begin();
  auto right = b.elements().begin();
  while (*left && *right) {
    if (!equal_values(*left, *right)) {
      return false;
    }
    ++left;
    ++right;
  }
  return !*left && !*right;
}

struct named_value {
  std::string name;
  json_value value;
};

// By name; where a name stands twice, the last one is meant.
std::vector<named_value> sorted_members(json_value object) {
  std::vector<named_value> members;
  std::string buffer;
  for (const protocol::json_member& member : object.members()) {
    members.push_back({std::string(member.name.string(buffer)), member.value});
  }
  std::stable_sort(members.begin(), members.end(),
                   [](const named_value& a, const named_value& b) { return a.name < b.name; });
  std::vector<named_value> unique;
  for (named_value& member : members) {
    if (!unique.empty() && unique.back().name == member.name) {
      unique.back().value = member.value;
    } else {
      unique.push_back(std::move(member));
    }
  }
  return unique;
}

bool equal_objects(json_value a, json_value b) {
  const std::vector<named_value> left = sorted_members(a);
  const std::vector<named_value> right = sorted_members(b);
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const named_value& x, const named_value& y) {
                      return x.name == y.name && equal_values(x.value, y.value);
                    });
}

bool is_nothing(json_value value) {
  return value.is(json_kind::absent) || value.is(json_kind::null);
}

int compare_arrays(json_value a, json_value b) {
  auto left = a.elements().begin();
  auto right = b.elements().begin();
  while (*left && *right) {
    if (const int order = compare_values(*left, *right); order != 0) {
      return order;
    }
    ++left;
    ++right;
  }
  return sign_of(!*left && *right, *left && !*right);
}

int compare_objects(json_value a, json_value b) {
  const std::vector<named_value> left = sorted_members(a);
  const std::vector<named_value> right = sorted_members(b);
  const std::size_t common = std::min(left.size(), right.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (const int order = compare_values(left[i].value, right[i].value); order != 0) {
      return order;
    }
  }
  return sign_of(left.size() < right.size(), left.size() > right.size());
}

int rank_of(json_kind kind) {
  switch (kind) {
    case json_kind::absent:
      return 0;
    case json_kind::null:
      return 1;
    case json_kind::number:
      return 2;
    case json_kind::string:
      return 3;
    case json_kind::boolean:
      return 4;
    case json_kind::array:
      return 5;
    case json_kind::object:
      return 6;
  }
  return 6;
}

int compare_string_values(json_value a, json_value b) {
  std::string a_buffer;
  std::string b_buffer;
  return compare_strings(a.string(a_buffer), b.string(b_buffer));
}

}  // namespace

std::string canonical_number(std::string_view number) {
  if (is_integer(number)) {
    return std::string(number == "-0" ? "0" : number);
  }
  const double value = to_double(number);
  const double magnitude = std::abs(value);
  if (!std::isfinite(value)) {
    return std::string(number);
  }
  if (magnitude == 0) {
    return "0";
  }
  const bool fixed = magnitude >= 1e-6 && magnitude < 1e21;
  std::array<char, 64> text = {};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 fixed ? std::chars_format::fixed : std::chars_format::scientific)
                       .ptr;
  std::string out(text.data(), end);
  // JavaScript writes 1e-7 where C++ writes 1e-07.
  const std::size_t exponent = out.find('e');
  if (exponent != std::string::npos && out[exponent + 2] == '0') {
    out.erase(exponent + 2, 1);
  }
  return out;
}

int compare_numbers(std::string_view a, std::string_view b) {
  if (is_integer(a) && is_integer(b)) {
    return compare_integers(a, b);
  }
  const double left = to_double(a);
  const double right = to_double(b);
  return sign_of(left<right, left> right);
}

int compare_strings(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  const auto [left, right] =
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(common), b.begin());
  if (left == a.begin() + static_cast<std::ptrdiff_t>(common)) {
    return sign_of(a.size() < b.size(), a.size() > b.size());
  }
  const auto x = static_cast<unsigned char>(*left);
  const auto y = static_cast<unsigned char>(*right);
  // UTF-8 sorts by code point, UTF-16 puts U+E000 to U+FFFF behind the surrogate pairs of all above
  // them.
  const bool x_behind_pairs = x == 0xee || x == 0xef;
  const bool y_behind_pairs = y == 0xee || y == 0xef;
  if ((x_behind_pairs && y >= 0xf0) || (y_behind_pairs && x >= 0xf0)) {
    return x_behind_pairs ? 1 : -1;
  }
  return x < y ? -1 : 1;
}

bool equal_values(json_value a, json_value b) {
  if (is_nothing(a) || is_nothing(b)) {
    return is_nothing(a) && is_nothing(b);
  }
  if (a.kind() != b.kind()) {
    return false;
  }
  switch (a.kind()) {
    case json_kind::number:
      return compare_numbers(a.text(), b.text()) == 0;
    case json_kind::string:
      return a.text() == b.text() || compare_string_values(a, b) == 0;
    case json_kind::array:
      return equal_arrays(a, b);
    case json_kind::object:
      return equal_objects(a, b);
    default:
      return a.text() == b.text();
  }
}

int compare_values(json_value a, json_value b) {
  if (a.kind() != b.kind()) {
    return rank_of(a.kind()) < rank_of(b.kind()) ? -1 : 1;
  }
  switch (a.kind()) {
    case json_kind::number:
      return compare_numbers(a.text(), b.text());
    case json_kind::string:
      return compare_string_values(a, b);
    case json_kind::boolean:
      return sign_of(!a.is_true() && b.is_true(), a.is_true() && !b.is_true());
    case json_kind::array:
      return compare_arrays(a, b);
    case json_kind::object:
      return compare_objects(a, b);
    default:
      return 0;
  }
}

}  // namespace flowcast::records
