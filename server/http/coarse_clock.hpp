#pragma once

#include <chrono>

#include <time.h>  // NOLINT(modernize-deprecated-headers): clock_gettime is POSIX

namespace flowcast::http {

// The kernel's tick, of some milliseconds: a fifth of what the exact time costs to read, and
// deadlines are noticed no sooner anyway.
[[nodiscard]] inline std::chrono::steady_clock::time_point coarse_now() {
  timespec now = {};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return std::chrono::steady_clock::time_point(std::chrono::seconds(now.tv_sec) +
                                               std::chrono::nanoseconds(now.tv_nsec));
}

// Seconds since 1970.
[[nodiscard]] inline time_t coarse_wall_seconds() {
  timespec now = {};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return now.tv_sec;
}

}  // namespace flowcast::http
