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

}  // namespace
}  // namespace flowcast::protocol
