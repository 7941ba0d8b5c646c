#include <time.h>  // NOLINT(modernize-deprecated-headers): clock_gettime is POSIX

#include "http/coarse_clock.hpp"

namespace flowcast::http {

std::chrono::steady_clock::time_point coarse_now() {
  timespec now = {};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return std::chrono::steady_clock::time_point(std::chrono::seconds(now.tv_sec) +
                                               std::chrono::nanoseconds(now.tv_nsec));
}

std::time_t coarse_wall_seconds() {
  timespec now = {};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return now.tv_sec;
}

}  // namespace flowcast::http
