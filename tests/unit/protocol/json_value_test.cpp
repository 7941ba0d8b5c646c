#include "protocol/json_value.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "protocol/json_scanner.hpp"

namespace flowcast::protocol {
namespace {

json_value json(std::string_view text) {
  const json_scan scan = scan_json(text);
  EXPECT_TRUE(scan) << text;
  return scan.value;
}

std::string content(json_value value) {
  std::string buffer;
  return std::string(value.string(buffer));
}

TEST(json_value, knows_its_kind) {
  EXPECT_EQ(json("null").kind(), json_kind::null);
  EXPECT_EQ(json("true").kind(), json_kind::boolean);
  EXPECT_EQ(json("false").kind(), json_kind::boolean);
  EXPECT_EQ(json("-1.5e3").kind(), json_kind::number);
  EXPECT_EQ(json(R"("x")").kind(), json_kind::string);
  EXPECT_EQ(json("[]").kind(), json_kind::array);
  EXPECT_EQ(json("{}").kind(), json_kind::object);
  EXPECT_EQ(json_value().kind(), json_kind::absent);
}

TEST(json_value, tells_true_from_everything_else) {
  EXPECT_TRUE(json("true").is_true());
  EXPECT_FALSE(json("false").is_true());
  EXPECT_FALSE(json(R"("true")").is_true());
  EXPECT_FALSE(json_value().is_true());
}

TEST(json_value, is_its_slice_without_the_white_space_around) {
  EXPECT_EQ(json(" \t\r\n[ 1 ] \n").text(), "[ 1 ]");
}

TEST(json_value, keeps_large_numbers_exact) {
  EXPECT_EQ(json(R"({"text":9007199254740993123})").member("text").text(), "9007199254740993123");
  EXPECT_EQ(json("[1e400]").element(0).text(), "1e400");
}

TEST(json_value, visits_elements_in_order) {
  std::vector<std::string_view> seen;
  for (const json_value& element :
       json(R"( [ 1 , "a,]\"" ,[2,[3]],{"b":[4]}, null,true,-0.5e1 ] )").elements()) {
    seen.push_back(element.text());
  }
  EXPECT_EQ(seen, (std::vector<std::string_view>{"1", R"("a,]\"")", "[2,[3]]", R"({"b":[4]})",
                                                 "null", "true", "-0.5e1"}));
}

TEST(json_value, visits_members_in_order_duplicates_too) {
  std::vector<std::string> seen;
  for (const json_member& member : json(R"({"a":1, "b" : {"c":[]} ,"a": "}" })").members()) {
    seen.push_back(content(member.name) + '=' + std::string(member.value.text()));
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"a=1", R"(b={"c":[]})", R"(a="}")"}));
}

TEST(json_value, has_nothing_to_visit_in_other_kinds) {
  for (const char* text : {"[]", "[ ]", "{}", "{ }", "1", R"("[1]")", "null"}) {
    for (const json_value& element : json(text).elements()) {
      ADD_FAILURE() << text << element.text();
    }
    for (const json_member& member : json(text).members()) {
      ADD_FAILURE() << text << member.name.text();
    }
  }
  EXPECT_FALSE(json(R"({"a":1})").element(0));
  EXPECT_FALSE(json(R"(["a",1])").member("a"));
}

TEST(json_value, finds_members_by_their_unescaped_names) {
  const json_value object = json(R"({"plain":1,"\u0069d":2,"q\"q":3,"":4,"\ud83d\ude00":5})");
  EXPECT_EQ(object.member("plain").text(), "1");
  EXPECT_EQ(object.member("id").text(), "2");
  EXPECT_EQ(object.member("q\"q").text(), "3");
  EXPECT_EQ(object.member("").text(), "4");
  EXPECT_EQ(object.member("😀").text(), "5");
  EXPECT_FALSE(object.member("pla"));
  EXPECT_FALSE(object.member("plain "));
}

TEST(json_value, gives_the_last_of_duplicate_members) {
  EXPECT_EQ(json(R"({"id":1,"x":0,"id":2})").member("id").text(), "2");
  EXPECT_EQ(json(R"({"id":1,"\u0069d":2})").member("id").text(), "2");
}

TEST(json_value, does_not_look_into_nested_objects) {
  EXPECT_FALSE(json(R"({"a":{"id":1},"b":"\"id\":2"})").member("id"));
}

TEST(json_value, chains_lookups_over_what_is_absent) {
  const json_value value = json(R"({"a":{"b":[10,{"c":"deep"}]}})");
  EXPECT_EQ(content(value.member("a").member("b").element(1).member("c")), "deep");
  EXPECT_FALSE(value.member("x").member("b").element(1).member("c"));
  EXPECT_FALSE(value.member("a").member("b").element(2));
}

TEST(json_value, gives_plain_strings_as_slices_of_the_text) {
  const std::string_view text = R"(["plain é"])";
  std::string buffer = "untouched";
  const std::string_view slice = json(text).element(0).string(buffer);
  EXPECT_EQ(slice, "plain é");
  EXPECT_EQ(slice.data(), text.data() + 2);
  EXPECT_EQ(buffer, "untouched");
}

TEST(json_value, unescapes_strings) {
  EXPECT_EQ(content(json(R"("\"\\\/\b\f\n\r\t")")), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(content(json(R"("\u0041\u00e9\u20AC\uD83D\ude00\uffff")")), "Aé€😀\uffff");
  EXPECT_EQ(content(json(R"("a\u0000b")")), std::string("a\0b", 3));
  EXPECT_EQ(content(json(R"("")")), "");
  EXPECT_EQ(content(json("1")), "");
}

TEST(json_value, compares_strings_without_a_buffer) {
  EXPECT_TRUE(json(R"("a\u0062c")").equals("abc"));
  EXPECT_TRUE(json(R"("")").equals(""));
  EXPECT_FALSE(json(R"("abc")").equals("ab"));
  EXPECT_FALSE(json(R"("ab")").equals("abc"));
  EXPECT_FALSE(json(R"("a\u0000")").equals("a"));
  EXPECT_FALSE(json("1").equals("1"));
  EXPECT_FALSE(json_value().equals(""));
}

}  // namespace
}  // namespace flowcast::protocol
