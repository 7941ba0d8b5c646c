#include "hub/frame_log.hpp"

#include <cassert>

namespace flowcast::hub {

namespace {
constexpr std::size_t kept_capacity = std::size_t{64} * 1024;
}

void frame_log::trim(position to) {
  assert(to >= begin() && to <= end());
  start_ = static_cast<std::size_t>(to - base_);
  if (start_ == bytes_.size()) {
    base_ = to;
    start_ = 0;
    bytes_.clear();
    if (bytes_.capacity() > kept_capacity)
      std::string().swap(bytes_);
  } else if (start_ > bytes_.size() / 2) {
    // Moving less than was forgotten keeps the cost of a byte constant.
    bytes_.erase(0, start_);
    base_ = to;
    start_ = 0;
  }
}

}  // namespace flowcast::hub
