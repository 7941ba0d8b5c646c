#pragma once

#include <string>
#include <vector>

#include "bench/results.hpp"

namespace flowcast::bench {

enum class bound : unsigned char { at_most, at_least, stated };

// What Flowcast promises of its speed, and whether it was so.
struct promise {
  std::string about;
  double figure = 0;
  bound is = bound::at_most;
  double limit = 0;  // of a stated one: 0

  [[nodiscard]] bool met() const;
};

// Those of which there are results, in the order of the scenarios.
[[nodiscard]] std::vector<promise> promises(const results& of);

// For people: a line each.
[[nodiscard]] std::string promise_table(const std::vector<promise>& all);
// For programs: a JSON array.
[[nodiscard]] std::string promise_json(const std::vector<promise>& all);

}  // namespace flowcast::bench
