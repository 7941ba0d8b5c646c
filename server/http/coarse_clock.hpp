#pragma once

#include <chrono>
#include <ctime>

namespace flowcast::http {

// The kernel's tick, of some milliseconds: a fifth of what the exact time costs to read, and
// deadlines are noticed no sooner anyway. Exact where there is no such clock.
[[nodiscard]] std::chrono::steady_clock::time_point coarse_now();

// Seconds since 1970.
[[nodiscard]] std::time_t coarse_wall_seconds();

}  // namespace flowcast::http
