#pragma once

#include <string_view>

// The files in pages/, embedded by CMake.
namespace flowcast::http::pages {

extern const std::string_view error;
extern const std::string_view landing;
extern const std::string_view status;
extern const std::string_view status_style;
extern const std::string_view status_script;

}  // namespace flowcast::http::pages
