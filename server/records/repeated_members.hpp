#pragma once

#include <optional>
#include <string>

#include "protocol/json_value.hpp"

namespace flowcast::records {

// The object with each name once, as JavaScript reads it: the last value, in the place of the
// first. Without a value if every name stands in it once, as in all but odd objects; objects within
// it stay as they are.
[[nodiscard]] std::optional<std::string> without_repeated_members(protocol::json_value object);

}  // namespace flowcast::records
