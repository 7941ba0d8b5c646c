#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace flowcast::demo {

enum class attribute_type { string, integer, decimal, boolean, enumeration, date_time };

/// An attribute of an entity. Values are JSON: strings for `string`, `enumeration` and `decimal`
/// (decimal digits, so that nothing is rounded), numbers for `integer` and `date_time`
/// (milliseconds since 1970), booleans for `boolean`, and null for empty.
struct attribute {
  std::string name;
  attribute_type type = attribute_type::string;
  nlohmann::json default_value;
  std::vector<std::string> values;  ///< of an enumeration
};

/// An entity of the domain model, such as `Orders.Order`.
struct entity {
  std::string name;
  std::uint16_t number = 0;  ///< the upper 16 bits of its objects' GUIDs
  std::vector<attribute> attributes;

  /// The attribute of this name, or null.
  [[nodiscard]] const attribute* find(std::string_view attribute_name) const;
};

/// What an attribute type is called where pages read it: `String`, `Integer`, `Decimal`, …
[[nodiscard]] std::string_view to_string(attribute_type type);

/// Whether an attribute may hold this value.
[[nodiscard]] bool accepts(const attribute& a, const nlohmann::json& value);

}  // namespace flowcast::demo
