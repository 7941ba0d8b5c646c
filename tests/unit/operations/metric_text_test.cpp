#include "operations/metric_text.hpp"

#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operations/metrics.hpp"
#include "operations/tally.hpp"

namespace flowcast::operations {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(metric_text, writes_help_and_type_before_the_samples_of_a_family) {
  metric_text text;
  text.family("flowcast_things_total", metric_kind::counter, "Things so far.");
  text.sample({{"service", "microflow"}, {"type", "created"}}, std::uint64_t{3});
  text.sample({{"service", "orders"}, {"type", "created"}}, std::uint64_t{0});
  text.gauge("flowcast_size_bytes", "How large.", 18'446'744'073'709'551'615U);
  EXPECT_EQ(text.take(),
            "# HELP flowcast_things_total Things so far.\n"
            "# TYPE flowcast_things_total counter\n"
            "flowcast_things_total{service=\"microflow\",type=\"created\"} 3\n"
            "flowcast_things_total{service=\"orders\",type=\"created\"} 0\n"
            "# HELP flowcast_size_bytes How large.\n"
            "# TYPE flowcast_size_bytes gauge\n"
            "flowcast_size_bytes 18446744073709551615\n");
}

TEST(metric_text, escapes_what_would_end_a_label_or_a_line) {
  metric_text text;
  text.family("flowcast_odd", metric_kind::gauge, "Back\\slash and\nline.");
  text.sample({{"name", "a\"b\\c\nd"}}, 0.25);
  EXPECT_EQ(text.take(),
            "# HELP flowcast_odd Back\\\\slash and\\nline.\n# TYPE flowcast_odd gauge\n"
            "flowcast_odd{name=\"a\\\"b\\\\c\\nd\"} 0.25\n");
}

TEST(metric_text, writes_a_histogram_with_cumulative_buckets) {
  latency_histogram took;
  took.record(40us);
  took.record(50us);  // a bound belongs to its bucket
  took.record(51us);
  took.record(60s);
  histogram_reading sum;
  took.add_to(sum);
  EXPECT_EQ(sum.count(), 4U);
  metric_text text;
  text.family("flowcast_wait_seconds", metric_kind::histogram, "Waiting.");
  text.sample({{"operation", "write"}}, sum);
  const std::string made = text.take();
  EXPECT_THAT(made, HasSubstr("_bucket{operation=\"write\",le=\"0.00005\"} 2\n"));
  EXPECT_THAT(made, HasSubstr("_bucket{operation=\"write\",le=\"0.0001\"} 3\n"));
  EXPECT_THAT(made, HasSubstr("_bucket{operation=\"write\",le=\"10\"} 3\n"));
  EXPECT_THAT(made, HasSubstr("_bucket{operation=\"write\",le=\"+Inf\"} 4\n"));
  EXPECT_THAT(made, HasSubstr("flowcast_wait_seconds_sum{operation=\"write\"} 60.000141\n"));
  EXPECT_THAT(made, HasSubstr("flowcast_wait_seconds_count{operation=\"write\"} 4\n"));
}

TEST(histogram, adds_up_over_shards_and_takes_a_clock_that_went_back_for_nothing) {
  latency_histogram one;
  latency_histogram other;
  one.record(1ms);
  other.record(-1ms);
  histogram_reading sum;
  one.add_to(sum);
  other.add_to(sum);
  EXPECT_EQ(sum.count(), 2U);
  EXPECT_EQ(sum.nanoseconds, 1'000'000U);
  EXPECT_EQ(sum.buckets[0], 1U);
}

TEST(histogram, counts_for_many_writers) {
  shared_latency_histogram shared;
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&shared] {
      for (int n = 0; n < 1000; ++n)
        shared.record(1us);
    });
  }
  for (std::thread& each : writers)
    each.join();
  histogram_reading sum;
  shared.add_to(sum);
  EXPECT_EQ(sum.count(), 4000U);
}

TEST(metric_text, has_bounds_that_grow_and_say_what_they_are) {
  for (std::size_t i = 0; i < latency_bounds.size(); ++i) {
    EXPECT_DOUBLE_EQ(std::stod(std::string(latency_bounds[i].seconds)),
                     std::chrono::duration<double>(latency_bounds[i].most).count());
    EXPECT_LT(i == 0 ? std::chrono::microseconds(0) : latency_bounds[i - 1].most,
              latency_bounds[i].most);
  }
}

}  // namespace
}  // namespace flowcast::operations
