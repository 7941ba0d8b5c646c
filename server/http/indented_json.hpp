#pragma once

#include <string>
#include <string_view>

namespace flowcast::http {

// Compact JSON, laid out for people: a member or element a line. `json` is well formed.
[[nodiscard]] std::string indented_json(std::string_view json);

}  // namespace flowcast::http
