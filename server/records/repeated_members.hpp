#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "protocol/json_value.hpp"

namespace flowcast::records {

// The names of an object's members, given one by one as its text has them.
class seen_names {
 public:
  // Whether it was there before. `name` lies in a text that stays.
  [[nodiscard]] bool add(protocol::json_value name);

 private:
  [[nodiscard]] bool add_slowly(protocol::json_value name);

  // The first few, as they are written; all by what they mean once there are more, or escapes.
  std::array<std::string_view, 16> few_;
  std::size_t count_ = 0;
  std::optional<std::unordered_set<std::string>> all_;
};

// The object with each name once, as JavaScript reads it: the last value, in the place of the
// first. Objects within it stay as they are.
[[nodiscard]] std::string without_repeated_members(protocol::json_value object);

}  // namespace flowcast::records
