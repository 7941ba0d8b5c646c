#pragma once

#include <chrono>
#include <cstdint>

// How a store's file has times and positions: SQLite knows signed integers alone.
namespace flowcast::stores {

[[nodiscard]] inline std::int64_t milliseconds_of(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

[[nodiscard]] inline std::chrono::system_clock::time_point time_of(std::int64_t milliseconds) {
  return std::chrono::system_clock::time_point(std::chrono::milliseconds(milliseconds));
}

[[nodiscard]] inline std::uint64_t unsigned_of(std::int64_t stored) {
  return static_cast<std::uint64_t>(stored);
}

}  // namespace flowcast::stores
