#pragma once

#include <string>
#include <string_view>

#include "bench/results.hpp"

namespace flowcast::bench {

// An SVG of what each server costs, a bar each, grouped by the number of clients. With
// `logarithmic`, ten times as much is one step.
std::string bar_chart(const results& of, std::string_view scenario, std::string_view metric,
                      std::string_view title, bool logarithmic = false);

}  // namespace flowcast::bench
