#pragma once

#include <string>
#include <string_view>

#include "protocol/json_value.hpp"

// JavaScript's view of JSON values: which are equal, and which comes first.
namespace flowcast::records {

// One text for each number: integers keep all their digits however many there are, all others are
// written as JavaScript writes the nearest double. `number` is a JSON number.
[[nodiscard]] std::string canonical_number(std::string_view number);

// Negative, 0 or positive. Integers are compared exactly beyond 2^53 too.
[[nodiscard]] int compare_numbers(std::string_view a, std::string_view b);

// By UTF-16 code units, as JavaScript does. Both are UTF-8.
[[nodiscard]] int compare_strings(std::string_view a, std::string_view b);

// Deep equality; objects regardless of the order of their members. Null equals what is absent.
[[nodiscard]] bool equal_values(protocol::json_value a, protocol::json_value b);

// The order of $sort in Feathers' adapters: absent, null, numbers, strings, booleans, arrays,
// objects.
[[nodiscard]] int compare_values(protocol::json_value a, protocol::json_value b);

}  // namespace flowcast::records
