#pragma once

#include <limits>

namespace flowcast::core {

// A time or a span on the page's clock: from any beginning, never backwards, and counting the time
// that a machine sleeps. A double as JavaScript's own, because the wasm2js build pays dearly for
// 64-bit integers, and 32 bits run out on a page that is left open for weeks.
using milliseconds = double;

inline constexpr milliseconds never = std::numeric_limits<milliseconds>::infinity();

}  // namespace flowcast::core
