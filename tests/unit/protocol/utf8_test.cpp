#include "protocol/utf8.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace flowcast::protocol {
namespace {

std::string encoded(std::uint32_t code) {
  if (code < 0x80) {
    return {static_cast<char>(code)};
  }
  if (code < 0x800) {
    return {static_cast<char>(0xc0U | code >> 6U), static_cast<char>(0x80U | (code & 0x3fU))};
  }
  if (code < 0x10000) {
    return {static_cast<char>(0xe0U | code >> 12U), static_cast<char>(0x80U | (code >> 6U & 0x3fU)),
            static_cast<char>(0x80U | (code & 0x3fU))};
  }
  return {static_cast<char>(0xf0U | code >> 18U), static_cast<char>(0x80U | (code >> 12U & 0x3fU)),
          static_cast<char>(0x80U | (code >> 6U & 0x3fU)),
          static_cast<char>(0x80U | (code & 0x3fU))};
}

TEST(utf8, accepts_every_character_and_no_surrogate) {
  for (std::uint32_t code = 0; code < 0x110000; ++code) {
    const std::string text = encoded(code);
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    ASSERT_EQ(is_utf8(text), !surrogate) << code;
    ASSERT_EQ(is_utf8(text + "abc"), !surrogate) << code;
    ASSERT_EQ(utf8_character(text.data(), text.data() + text.size()), surrogate ? 0 : text.size());
  }
}

TEST(utf8, accepts_exactly_the_well_formed_sequences_of_up_to_three_bytes) {
  std::vector<bool> valid(0x1000000, false);
  for (std::uint32_t code = 0; code < 0x10000; ++code) {
    if (code >= 0xd800 && code <= 0xdfff) {
      continue;
    }
    std::uint32_t key = 0;
    for (const char c : encoded(code)) {
      key = key << 8U | static_cast<unsigned char>(c);
    }
    valid[key] = true;
  }
  for (std::uint32_t key = 0x80; key < 0x1000000; ++key) {
    std::array<char, 3> bytes = {static_cast<char>(key >> 16U & 0xffU),
                                 static_cast<char>(key >> 8U & 0xffU),
                                 static_cast<char>(key & 0xffU)};
    const std::size_t length = key > 0xffff ? 3 : key > 0xff ? 2 : 1;
    const char* const from = bytes.data() + bytes.size() - length;
    if (static_cast<unsigned char>(*from) >= 0x80 &&
        (utf8_character(from, from + length) == length) != valid[key]) {
      FAIL() << std::hex << key;
    }
  }
}

TEST(utf8, accepts_exactly_the_well_formed_sequences_of_four_bytes) {
  for (unsigned lead = 0xf0; lead <= 0xff; ++lead) {
    for (unsigned second = 0; second <= 0xff; ++second) {
      for (const unsigned third : {0x7fU, 0x80U, 0xbfU, 0xc0U}) {
        for (const unsigned fourth : {0x7fU, 0x80U, 0xbfU, 0xc0U}) {
          const std::array<char, 4> bytes = {static_cast<char>(lead), static_cast<char>(second),
                                             static_cast<char>(third), static_cast<char>(fourth)};
          const unsigned code = (lead & 7U) << 18U | (second & 0x3fU) << 12U;
          const bool continued = second >> 6U == 2 && third >> 6U == 2 && fourth >> 6U == 2;
          const bool good = lead < 0xf8 && continued && code >= 0x10000 && code <= 0x10ffff;
          const std::string_view text(bytes.data(), bytes.size());
          ASSERT_EQ(utf8_character(text.data(), text.data() + text.size()), good ? 4 : 0);
          ASSERT_EQ(is_utf8(text), good);
        }
      }
    }
  }
}

struct malformed {
  const char* name;
  std::string_view text;
};

class malformed_utf8 : public testing::TestWithParam<malformed> {};

TEST_P(malformed_utf8, is_refused_in_any_pieces) {
  const std::string text = "plain text " + std::string(GetParam().text) + " and more";
  EXPECT_FALSE(is_utf8(text));
  for (std::size_t split = 0; split <= text.size(); ++split) {
    utf8_checker checker;
    EXPECT_FALSE(checker.feed(std::string_view(text).substr(0, split)) &&
                 checker.feed(std::string_view(text).substr(split)))
        << split;
  }
}

INSTANTIATE_TEST_SUITE_P(
    table, malformed_utf8,
    testing::Values(
        malformed{"lone_continuation", "\x80"}, malformed{"ff", "\xff"}, malformed{"fe", "\xfe"},
        malformed{"overlong_two", "\xc0\xaf"}, malformed{"overlong_two_c1", "\xc1\xbf"},
        malformed{"overlong_three", "\xe0\x80\xaf"}, malformed{"overlong_four", "\xf0\x80\x80\xaf"},
        malformed{"high_surrogate", "\xed\xa0\x80"}, malformed{"low_surrogate", "\xed\xbf\xbf"},
        malformed{"surrogate_pair", "\xed\xa0\x80\xed\xb0\x80"},
        malformed{"beyond_the_last", "\xf4\x90\x80\x80"},
        malformed{"five_bytes", "\xf8\x88\x80\x80\x80"}, malformed{"cut_two", "\xc3"},
        malformed{"cut_three", "\xe2\x82"}, malformed{"cut_four", "\xf0\x9f\x98"}),
    [](const auto& test) { return test.param.name; });

TEST(utf8_checker, accepts_text_in_any_pieces) {
  const std::string_view text = "κόσμε € 😀 plain \xf4\x8f\xbf\xbf";
  for (std::size_t first = 0; first <= text.size(); ++first) {
    for (std::size_t second = first; second <= text.size(); ++second) {
      utf8_checker checker;
      ASSERT_TRUE(checker.feed(text.substr(0, first)));
      ASSERT_TRUE(checker.feed(text.substr(first, second - first)));
      ASSERT_TRUE(checker.feed(text.substr(second)));
      ASSERT_TRUE(checker.complete());
    }
  }
}

TEST(utf8_checker, knows_when_a_character_is_cut) {
  utf8_checker checker;
  EXPECT_TRUE(checker.feed("a\xe2\x82"));
  EXPECT_FALSE(checker.complete());
  EXPECT_TRUE(checker.feed("\xac"));
  EXPECT_TRUE(checker.complete());
}

TEST(utf8_checker, refuses_at_the_first_byte_that_cannot_be_made_right) {
  utf8_checker checker;
  EXPECT_TRUE(checker.feed("\xf4"));
  EXPECT_FALSE(checker.feed("\x90"));
}

TEST(utf8, counts_utf16_code_units_as_javascript_does) {
  EXPECT_EQ(utf16_length(""), 0U);
  EXPECT_EQ(utf16_length("abc"), 3U);
  EXPECT_EQ(utf16_length("é€"), 2U);
  EXPECT_EQ(utf16_length("😀"), 2U);
}

TEST(utf8, begins_without_cutting_a_character) {
  EXPECT_EQ(utf8_beginning("short", 5), "short");
  EXPECT_EQ(utf8_beginning("longer", 4), "long");
  EXPECT_EQ(utf8_beginning("a\xe2\x82\xac", 3), "a");
  EXPECT_EQ(utf8_beginning("a\xe2\x82\xac!", 4), "a\xe2\x82\xac");
  EXPECT_EQ(utf8_beginning("\xe2\x82\xac", 2), "");
}

TEST(utf8, is_taken_without_the_mark_that_editors_put_before_it) {
  EXPECT_EQ(without_byte_order_mark("\xef\xbb\xbfkey"), "key");
  EXPECT_EQ(without_byte_order_mark("key\xef\xbb\xbf"), "key\xef\xbb\xbf");
  EXPECT_EQ(without_byte_order_mark("\xef\xbb"), "\xef\xbb");
}

TEST(utf8, is_told_from_what_shells_of_windows_write) {
  EXPECT_TRUE(begins_as_utf16(std::string_view("\xff\xfek\0e\0", 6)));
  EXPECT_TRUE(begins_as_utf16(std::string_view("\xfe\xff\0k\0e", 6)));
  EXPECT_FALSE(begins_as_utf16("\xff\xfe any bytes"));
  EXPECT_FALSE(begins_as_utf16("\xff\xfe"));
}

}  // namespace

}  // namespace flowcast::protocol
