#include "bench/results.hpp"

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "bench/bar_chart.hpp"
#include "bench/promises.hpp"

namespace flowcast::bench {
namespace {

TEST(median, is_the_middle_value_or_between_the_two) {
  EXPECT_EQ(median({3}), 3);
  EXPECT_EQ(median({9, 1, 5}), 5);
  EXPECT_EQ(median({4, 1, 2, 100}), 3);
  EXPECT_TRUE(std::isnan(median({})));
}

TEST(quantile, leaves_so_many_values_below_it) {
  std::vector<double> values(100);
  std::iota(values.rbegin(), values.rend(), 1);
  EXPECT_EQ(quantile(values, 0.5), 51);
  EXPECT_EQ(quantile(values, 0.99), 100);
  EXPECT_EQ(quantile({7}, 0.99), 7);
}

TEST(rounded, keeps_three_digits_that_matter) {
  EXPECT_EQ(rounded(0), "0");
  EXPECT_EQ(rounded(0.04567), "0.0457");
  EXPECT_EQ(rounded(1.2345), "1.23");
  EXPECT_EQ(rounded(45.678), "45.7");
  EXPECT_EQ(rounded(123456.7), "123457");
}

class results_test : public testing::Test {
 protected:
  results_test() {
    // The machine is twice as slow in the second repeat, and faster in the third.
    all_.add({"fan-out", "µs", "ours", 1000, 0, 2});
    all_.add({"fan-out", "µs", "theirs", 1000, 0, 6});
    all_.add({"fan-out", "µs", "ours", 1000, 1, 4});
    all_.add({"fan-out", "µs", "theirs", 1000, 1, 12});
    all_.add({"fan-out", "µs", "ours", 1000, 2, 1});
    all_.add({"fan-out", "µs", "theirs", 1000, 2, 5});
    all_.add({"fan-out", "µs", "ours", 9000, 0, 7});
  }
  results all_;
};

TEST_F(results_test, a_ratio_is_the_median_of_the_ratios_in_each_repeat) {
  EXPECT_EQ(all_.median_of("fan-out", "µs", "ours", 1000), 2);
  EXPECT_EQ(all_.median_of("fan-out", "µs", "theirs", 1000), 6);
  EXPECT_EQ(all_.ratio_of("fan-out", "µs", "theirs", "ours", 1000), 3);
  EXPECT_EQ(all_.ratio_of("fan-out", "µs", "theirs", "ours", 9000), std::nullopt);
}

TEST_F(results_test, the_table_has_a_line_a_server_and_a_column_a_number_of_clients) {
  EXPECT_EQ(all_.table("ours"),
            "\nfan-out: µs\n"
            "                 clients            1000            9000\n"
            "ours                                2.00            7.00\n"
            "theirs                      6.00 (×3.00)               -\n");
}

TEST_F(results_test, the_json_tells_every_value) {
  const std::string json = all_.json("{}", "run", "[]");
  EXPECT_NE(
      json.find(
          R"("server": "theirs", "clients": 1000, "median": 6.00, "values": [6.00, 12.0, 5.00]})"),
      std::string::npos)
      << json;
}

TEST(promise, is_met_on_its_own_side_of_the_bound) {
  EXPECT_TRUE((promise{"", 1.05, bound::at_most, 1.05}.met()));
  EXPECT_FALSE((promise{"", 1.06, bound::at_most, 1.05}.met()));
  EXPECT_TRUE((promise{"", 2.7, bound::at_least, 2.7}.met()));
  EXPECT_FALSE((promise{"", 2.6, bound::at_least, 2.7}.met()));
  EXPECT_TRUE((promise{"", 9, bound::stated, 0}.met()));
}

TEST(promises, are_those_that_there_are_figures_for) {
  results of;
  EXPECT_TRUE(promises(of).empty());
  of.add({"create", "CPU µs a create, memory store", "Flowcast", 0, 0, 4});
  of.add({"create", "CPU µs a create, memory store", "raw epoll loop", 0, 0, 2});
  const std::vector<promise> all = promises(of);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].figure, 2);
  EXPECT_FALSE(all[0].met());
  EXPECT_NE(promise_table(all).find("NOT MET"), std::string::npos);
  EXPECT_NE(promise_json(all).find(R"("at most": 1.50, "met": false)"), std::string::npos)
      << promise_json(all);
}

TEST_F(results_test, a_chart_has_a_bar_for_each_value_and_the_longest_for_the_greatest) {
  const std::string chart = bar_chart(all_, "fan-out", "µs", "Fan-out");
  std::size_t bars = 0;
  for (std::size_t at = chart.find(R"(rx="2")"); at != std::string::npos;
       at = chart.find(R"(rx="2")", at + 1))
    ++bars;
  EXPECT_EQ(bars, 3U);
  EXPECT_NE(chart.find(R"(width="480")"), std::string::npos);
  EXPECT_NE(chart.find("9,000 clients"), std::string::npos);
}

}  // namespace
}  // namespace flowcast::bench
