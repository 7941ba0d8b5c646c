#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flowcast::hub {

// Ready frames, one behind the other, addressed by their distance in bytes from the first frame
// ever appended: what piles up for a reader leaves in one send. Not thread-safe.
class frame_log {
 public:
  using position = std::uint64_t;

  [[nodiscard]] position begin() const { return base_ + start_; }
  [[nodiscard]] position end() const { return base_ + bytes_.size(); }
  [[nodiscard]] bool empty() const { return begin() == end(); }

  // Where to append frames; nothing but appending is allowed.
  std::string& tail() { return bytes_; }

  // What was appended from `from` on. Valid until the log changes. begin() <= from <= end().
  [[nodiscard]] std::string_view since(position from) const {
    return {bytes_.data() + (from - base_), static_cast<std::size_t>(end() - from)};
  }
  [[nodiscard]] std::string_view between(position from, position to) const {
    return {bytes_.data() + (from - base_), static_cast<std::size_t>(to - from)};
  }

  // Forgets what is before `to`. Memory is given back when the log runs empty after a burst.
  void trim(position to);

 private:
  position base_ = 0;      // position of bytes_[0]
  std::size_t start_ = 0;  // bytes_ before it are forgotten, not yet moved out
  std::string bytes_;
};

}  // namespace flowcast::hub
