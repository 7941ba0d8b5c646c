#include "protocol/decimal.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace flowcast::protocol {
namespace {

TEST(decimal, writes_numbers) {
  std::string out = "n=";
  append_decimal(out, 0);
  out += ' ';
  append_decimal(out, 1090);
  out += ' ';
  append_decimal(out, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(out, "n=0 1090 18446744073709551615");
}

TEST(decimal, takes_digits_off_the_front) {
  std::string_view text = "0042x";
  EXPECT_EQ(take_decimal(text, 4), 42U);
  EXPECT_EQ(text, "x");
  EXPECT_FALSE(take_decimal(text, 4));
  EXPECT_EQ(text, "x");
}

TEST(decimal, refuses_more_digits_than_allowed_and_leaves_them) {
  std::string_view text = "12345";
  EXPECT_FALSE(take_decimal(text, 4));
  EXPECT_EQ(text, "12345");
  text = "9999999999999999999";
  EXPECT_EQ(take_decimal(text, 19), 9'999'999'999'999'999'999U);
  EXPECT_TRUE(text.empty());
}

TEST(decimal, reads_whole_numbers_that_are_all_of_the_text) {
  EXPECT_EQ(whole_number<int>("-42"), -42);
  EXPECT_EQ(whole_number<unsigned>("0042"), 42U);
  EXPECT_EQ(whole_number<std::uint64_t>("18446744073709551615"),
            std::numeric_limits<std::uint64_t>::max());
  for (const std::string_view other :
       {"", "-", "+1", " 1", "1 ", "1.5", "1e3", "0x1", "4294967296"})
    EXPECT_FALSE(whole_number<std::uint32_t>(other)) << other;
  EXPECT_FALSE(whole_number<unsigned>("-1"));
}

}  // namespace
}  // namespace flowcast::protocol
