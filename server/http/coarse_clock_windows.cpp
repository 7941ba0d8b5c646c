#include "http/coarse_clock.hpp"

namespace flowcast::http {

std::chrono::steady_clock::time_point coarse_now() {
  return std::chrono::steady_clock::now();
}

std::time_t coarse_wall_seconds() {
  return std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
}

}  // namespace flowcast::http
