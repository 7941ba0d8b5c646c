#pragma once

#include <optional>
#include <string_view>

namespace flowcast::settings {

// The option whose name is nearest, if `name` looks like it with a slip or two.
[[nodiscard]] std::optional<std::string_view> nearest_option(std::string_view name);

}  // namespace flowcast::settings
