#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace flowcast::realtime {

// The packets that a client has sent of late, against those it may send: a second's worth drains in
// a second, and ten seconds' worth may come at once. Eight bytes, for each session has one.
class packet_budget {
 public:
  static constexpr unsigned burst = 10;  // seconds

  // Counts one packet. False: it is one too many. `now` is of a steady clock.
  [[nodiscard]] bool take(unsigned a_second, std::chrono::nanoseconds now) {
    const auto at = static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
    // In 32 bits a quiet month wraps to a shorter time: the client is only given less than it has.
    const float passed = static_cast<float>(at - at_) / 1000;
    at_ = at;
    const auto rate = static_cast<float>(a_second);
    used_ = std::max(0.0F, used_ - passed * rate) + 1;
    return used_ <= rate * burst;
  }

 private:
  float used_ = 0;
  std::uint32_t at_ = 0;  // ms
};

}  // namespace flowcast::realtime
