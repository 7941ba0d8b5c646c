#include "core/text.hpp"

#include <gtest/gtest.h>

namespace flowcast::core {
namespace {

using namespace std::string_view_literals;

TEST(text, takes_the_texts_of_a_list_in_turn) {
  text_list list = "a\0\0bc\0"sv;
  EXPECT_EQ(take_text(list), "a");
  EXPECT_EQ(take_text(list), "");
  EXPECT_EQ(take_text(list), "bc");
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(take_text(list), "");
}

TEST(text, takes_a_last_text_that_is_not_ended) {
  text_list list = "a\0bc"sv;
  EXPECT_EQ(take_text(list), "a");
  EXPECT_EQ(take_text(list), "bc");
  EXPECT_TRUE(list.empty());
}

TEST(text, finds_whole_texts_only) {
  EXPECT_TRUE(has_text("created\0updated\0"sv, "updated"));
  EXPECT_FALSE(has_text("created\0updated\0"sv, "update"));
  EXPECT_FALSE(has_text("created\0updated\0"sv, "created\0updated"sv));
  EXPECT_FALSE(has_text(""sv, "created"));
}

TEST(text, takes_numbers_up_to_the_largest) {
  std::uint32_t number = 0;
  std::string_view text = "4294967295x";
  EXPECT_TRUE(take_number(text, number));
  EXPECT_EQ(number, 4294967295U);
  EXPECT_EQ(text, "x");
  for (const std::string_view none :
       {""sv, "x"sv, "-1"sv, "4294967296"sv, "99999999999999999999"sv}) {
    text = none;
    EXPECT_FALSE(take_number(text, number)) << none;
    EXPECT_EQ(text, none);
  }
}

TEST(text, writes_numbers) {
  std::string out;
  for (const std::uint32_t number : {0U, 9U, 10U, 4294967295U}) {
    append_number(out, number);
    out += ' ';
  }
  EXPECT_EQ(out, "0 9 10 4294967295 ");
}

}  // namespace
}  // namespace flowcast::core
