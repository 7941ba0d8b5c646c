#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "operations/tally.hpp"

namespace flowcast::operations {

// The upper bounds of a histogram's buckets; one more takes what is longer than all of them.
struct latency_bound {
  std::chrono::microseconds most;
  std::string_view seconds;  // as Prometheus is told
};
inline constexpr std::array<latency_bound, 16> latency_bounds = {{
    {std::chrono::microseconds(50), "0.00005"},
    {std::chrono::microseconds(100), "0.0001"},
    {std::chrono::microseconds(250), "0.00025"},
    {std::chrono::microseconds(500), "0.0005"},
    {std::chrono::microseconds(1'000), "0.001"},
    {std::chrono::microseconds(2'500), "0.0025"},
    {std::chrono::microseconds(5'000), "0.005"},
    {std::chrono::microseconds(10'000), "0.01"},
    {std::chrono::microseconds(25'000), "0.025"},
    {std::chrono::microseconds(50'000), "0.05"},
    {std::chrono::microseconds(100'000), "0.1"},
    {std::chrono::microseconds(250'000), "0.25"},
    {std::chrono::microseconds(500'000), "0.5"},
    {std::chrono::microseconds(1'000'000), "1"},
    {std::chrono::microseconds(2'500'000), "2.5"},
    {std::chrono::microseconds(10'000'000), "10"},
}};

// What histograms say, added up; not cumulative.
struct histogram_reading {
  std::array<std::uint64_t, latency_bounds.size() + 1> buckets = {};
  std::uint64_t nanoseconds = 0;

  [[nodiscard]] std::uint64_t count() const;
};

// How long something took, counted by latency_bounds. `Tally` says how many may write.
template <class Tally>
class basic_histogram {
 public:
  void record(std::chrono::nanoseconds took) {
    const auto* const bound =
        std::lower_bound(latency_bounds.begin(), latency_bounds.end(), took,
                         [](const latency_bound& one, auto time) { return one.most < time; });
    buckets_[static_cast<std::size_t>(bound - latency_bounds.begin())].add();
    nanoseconds_.add(static_cast<std::uint64_t>(std::max<std::int64_t>(0, took.count())));
  }

  void add_to(histogram_reading& sum) const {
    for (std::size_t i = 0; i < buckets_.size(); ++i)
      sum.buckets[i] += buckets_[i].value();
    sum.nanoseconds += nanoseconds_.value();
  }

 private:
  std::array<Tally, latency_bounds.size() + 1> buckets_;
  Tally nanoseconds_;
};

using latency_histogram = basic_histogram<tally>;
using shared_latency_histogram = basic_histogram<shared_tally>;

inline std::uint64_t histogram_reading::count() const {
  std::uint64_t sum = 0;
  for (const std::uint64_t each : buckets)
    sum += each;
  return sum;
}

}  // namespace flowcast::operations
