#include "runtime/guid.hpp"

#include <gtest/gtest.h>

namespace flowcast::demo {
namespace {

TEST(guid, is_its_decimal_digits) {
  EXPECT_EQ(to_string(guid{32932572275146753}), "32932572275146753");
  EXPECT_EQ(parse_guid("32932572275146753"), guid{32932572275146753});
}

TEST(guid, is_not_read_from_anything_else) {
  for (const char* const text :
       {"", "0", "-1", "1 ", " 1", "1.0", "1e3", "0x1", "9223372036854775808", "thirty"}) {
    EXPECT_EQ(parse_guid(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace flowcast::demo
