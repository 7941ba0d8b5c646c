#include "settings/nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

#include "settings/option.hpp"

namespace flowcast::settings {

namespace {

// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<std::string_view> nearest_option(std::string_view name) {
  const option* nearest = nullptr;
  std::size_t least = 3;  // more slips than two are another word
  for (const option& one : options()) {
    const std::size_t slips = distance(name, one.name);
    if (slips < least) {
      least = slips;
      nearest = &one;
    }
  }
  if (nearest == nullptr) {
    return std::nullopt;
  }
  return nearest->name;
}

}  // namespace flowcast::settings
