#pragma once

#include <string_view>

namespace flowcast::demo {

/// Writes a line to the standard output, with the time.
void log(std::string_view line);

}  // namespace flowcast::demo
