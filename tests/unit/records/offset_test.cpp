#include "records/offset.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace flowcast::records {
namespace {

TEST(offset, is_read_back_as_written) {
  for (const offset at : {offset{0, 0}, offset{0x0123456789abcdef, 42},
                          offset{std::numeric_limits<std::uint64_t>::max(),
                                 std::numeric_limits<std::uint64_t>::max()}}) {
    EXPECT_EQ(parse_offset(to_string(at)), at);
  }
  EXPECT_EQ(to_string({0x0123456789abcdef, 42}), "0123456789abcdef-42");
}

TEST(offset, accepts_nothing_but_its_own_form) {
  for (const char* text :
       {"", "-", "0123456789abcdef", "0123456789abcdef-", "0123456789abcdef-042",
        "0123456789abcdef-+4", "0123456789abcdef--4", "0123456789abcdef-4 ", " 0123456789abcdef-4",
        "0123456789ABCDEF-4", "0123456789abcde-4", "0123456789abcdefa-4", "0123456789abcdeg-4",
        "0123456789abcdef-18446744073709551616", "0123456789abcdef-0x4"}) {
    EXPECT_EQ(parse_offset(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace flowcast::records
