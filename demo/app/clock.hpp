#pragma once

#include <chrono>
#include <cstdint>

namespace flowcast::demo {

/// Now, as a DateTime attribute holds it: milliseconds since 1970.
[[nodiscard]] inline std::int64_t date_time_now() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
}

}  // namespace flowcast::demo
