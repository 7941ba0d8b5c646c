#pragma once

#include <string>
#include <string_view>

namespace flowcast::http {

// For people whose browser asked for HTML.
[[nodiscard]] std::string error_page(unsigned status, std::string_view message);

}  // namespace flowcast::http
