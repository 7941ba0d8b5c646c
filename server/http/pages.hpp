#pragma once

#include <string_view>

// The files in pages/, embedded by CMake.
namespace flowcast::http::pages {

extern const std::string_view error;
extern const std::string_view landing;

}  // namespace flowcast::http::pages
