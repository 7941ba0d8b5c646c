#include "services/document_list.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "records/record.hpp"

namespace flowcast::services {
namespace {

using records::errc;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(is_array, looks_at_the_first_character_that_is_no_space) {
  EXPECT_TRUE(is_array(" \r\n\t[1]"));
  EXPECT_FALSE(is_array("{\"a\":[]}"));
  EXPECT_FALSE(is_array(""));
}

TEST(split_array, gives_the_elements_as_they_were_written) {
  EXPECT_THAT(*split_array(R"( [ {"a": 1} ,{"b":[2, 3]}, 5 ] )", 10),
              ElementsAre(R"({"a": 1})", R"({"b":[2, 3]})", "5"));
  EXPECT_THAT(*split_array("[]", 10), IsEmpty());
}

TEST(split_array, refuses_what_is_no_json_and_says_where) {
  const auto wrong = split_array(R"([{"a":1},)", 10);
  ASSERT_TRUE(wrong.has_error());
  EXPECT_EQ(wrong.error().code, errc::bad_request);
  EXPECT_THAT(wrong.error().message, HasSubstr("at byte 9"));
}

TEST(split_array, refuses_more_elements_than_allowed) {
  EXPECT_TRUE(split_array("[{},{}]", 2).has_value());
  const auto wrong = split_array("[{},{},{}]", 2);
  ASSERT_TRUE(wrong.has_error());
  EXPECT_EQ(wrong.error().code, errc::payload_too_large);
}

TEST(split_array, leaves_room_for_the_deepest_record) {
  const std::string deepest =
      std::string(records::deepest_record, '[') + std::string(records::deepest_record, ']');
  EXPECT_TRUE(split_array("[" + deepest + "]", 2).has_value());
  EXPECT_TRUE(split_array("[[" + deepest + "]]", 2).has_error());
}

}  // namespace
}  // namespace flowcast::services
