#pragma once

#include <cstdint>

namespace flowcast::stores {

// An epoch for a log that is made now: random, never 0.
[[nodiscard]] std::uint64_t fresh_epoch();

}  // namespace flowcast::stores
