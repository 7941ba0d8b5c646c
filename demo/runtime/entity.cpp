#include "runtime/entity.hpp"

#include <algorithm>

namespace flowcast::demo {
namespace {

constexpr std::size_t longest_string = 10'000;

bool is_decimal(std::string_view text) {
  if (text.starts_with('-')) {
    text.remove_prefix(1);
  }
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto fraction = point == std::string_view::npos ? "0" : text.substr(point + 1);
  return !whole.empty() && !fraction.empty() && text.size() <= 28 &&
         std::all_of(whole.begin(), whole.end(), is_digit) &&
         std::all_of(fraction.begin(), fraction.end(), is_digit);
}

}  // namespace

const attribute* entity::find(std::string_view attribute_name) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const attribute& a) { return a.name == attribute_name; });
  return found == attributes.end() ? nullptr : &*found;
}

std::string_view to_string(attribute_type type) {
  switch (type) {
    case attribute_type::string:
      return "String";
    case attribute_type::integer:
      return "Integer";
    case attribute_type::decimal:
      return "Decimal";
    case attribute_type::boolean:
      return "Boolean";
    case attribute_type::enumeration:
      return "Enum";
    case attribute_type::date_time:
      return "DateTime";
  }
  return "String";
}

bool accepts(const attribute& a, const nlohmann::json& value) {
  if (value.is_null()) {
    return a.type != attribute_type::boolean;
  }
  switch (a.type) {
    case attribute_type::string:
      return value.is_string() && value.get_ref<const std::string&>().size() <= longest_string;
    case attribute_type::integer:
    case attribute_type::date_time:
      return value.is_number_integer();
    case attribute_type::decimal:
      return value.is_string() && is_decimal(value.get_ref<const std::string&>());
    case attribute_type::boolean:
      return value.is_boolean();
    case attribute_type::enumeration:
      return value.is_string() && std::find(a.values.begin(), a.values.end(),
                                            value.get<std::string>()) != a.values.end();
  }
  return false;
}

}  // namespace flowcast::demo
