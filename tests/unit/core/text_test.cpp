#include "core/text.hpp"

#include <gtest/gtest.h>

#include "protocol/json_scanner.hpp"

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
  text_buffer out;
  for (const std::uint32_t number : {0U, 9U, 10U, 4294967295U}) {
    append_number(out, number);
    out += ' ';
  }
  EXPECT_EQ(out.view(), "0 9 10 4294967295 ");
}

TEST(text, grows_at_its_end_and_is_replaced) {
  text_buffer one;
  EXPECT_TRUE(one.empty());
  one += "ab"sv;
  one += '\0';
  EXPECT_EQ(one.view(), "ab\0"sv);
  one = "c"sv;
  EXPECT_EQ(one.view(), "c");
  one = ""sv;
  EXPECT_TRUE(one.empty());
  text_buffer two;
  two += "xyz"sv;
  one.swap(two);
  EXPECT_EQ(one.view(), "xyz");
  EXPECT_TRUE(two.empty());
}

TEST(text, writes_json_as_it_reads_it) {
  for (const std::string_view content :
       {""sv, "plain"sv, "\"quoted\" \\ \n \x01 \x1f / é 😀"sv, "\0"sv}) {
    text_buffer out;
    append_json(out, content);
    const protocol::json_scan scan = protocol::scan_json(out);
    ASSERT_TRUE(scan) << out.view();
    text_buffer buffer;
    EXPECT_EQ(string_of(scan.value, buffer), content);
  }
}

TEST(text, reads_strings_and_nothing_else) {
  text_buffer buffer;
  const auto read = [&](std::string_view json) {
    return string_of(protocol::scan_json(json).value, buffer);
  };
  EXPECT_EQ(read(R"("a\u00e9\ud83d\ude00\nb")"), "aé😀\nb");
  EXPECT_EQ(read(R"("\n")"), "\n");
  EXPECT_EQ(read("1"), "");
  EXPECT_EQ(read("null"), "");
}

}  // namespace
}  // namespace flowcast::core
