#include "records/query_string.hpp"

#include <gtest/gtest.h>

namespace flowcast::records {
namespace {

std::string json_of(std::string_view text) {
  return query_string_to_json(text).value();
}

TEST(query_string, reads_names_and_values) {
  EXPECT_EQ(json_of(""), "{}");
  EXPECT_EQ(json_of("text=guid-0"), R"({"text":"guid-0"})");
  EXPECT_EQ(json_of("&a=1&&b=2&"), R"({"a":"1","b":"2"})");
  EXPECT_EQ(json_of("a&b="), R"({"a":"","b":""})");
  EXPECT_EQ(json_of("a=b=c"), R"({"a":"b=c"})");
  EXPECT_EQ(json_of("=&=x&a=1"), R"({"a":"1"})");
}

TEST(query_string, decodes_percent_and_plus) {
  EXPECT_EQ(json_of("text=h%C3%A9llo%20%E2%82%AC+%F0%9F%98%80"), R"({"text":"héllo € 😀"})");
  EXPECT_EQ(json_of("text%5B%24in%5D%5B%5D=guid-0"), R"({"text":{"$in":["guid-0"]}})");
}

TEST(query_string, keeps_what_is_badly_encoded) {
  EXPECT_EQ(json_of("a=%zz"), R"({"a":"%zz"})");
  EXPECT_EQ(json_of("a=%"), R"({"a":"%"})");
  EXPECT_EQ(json_of("a=%C3"), R"({"a":"%C3"})");
  EXPECT_EQ(json_of("a=%C3%28+x"), R"({"a":"%C3%28 x"})");
}

TEST(query_string, nests_brackets) {
  EXPECT_EQ(json_of("a[b][c]=1&a[b][d]=2"), R"({"a":{"b":{"c":"1","d":"2"}}})");
  EXPECT_EQ(json_of("nested.a=1"), R"({"nested.a":"1"})");
  EXPECT_EQ(json_of("a[b=1"), R"({"a[b":"1"})");
  EXPECT_EQ(json_of("[a]=1"), R"({"a":"1"})");
}

TEST(query_string, ends_nesting_at_five_levels) {
  EXPECT_EQ(json_of("a[b][c][d][e][f][g][h]=1"),
            R"({"a":{"b":{"c":{"d":{"e":{"f":{"[g][h]":"1"}}}}}}})");
}

TEST(query_string, makes_arrays) {
  EXPECT_EQ(json_of("a[]=1&a[]=2"), R"({"a":["1","2"]})");
  EXPECT_EQ(json_of("a=1&a=2&a=3"), R"({"a":["1","2","3"]})");
  EXPECT_EQ(json_of("a[0]=1&a[1]=2"), R"({"a":["1","2"]})");
  EXPECT_EQ(json_of("a[1]=2&a[0]=1"), R"({"a":["1","2"]})");
  EXPECT_EQ(json_of("a[100]=2&a[7]=1"), R"({"a":["1","2"]})");
  EXPECT_EQ(json_of("$or[0][text]=x&$or[1][text]=y"), R"({"$or":[{"text":"x"},{"text":"y"}]})");
  EXPECT_EQ(json_of("$or[][text]=x&$or[][text]=y"), R"({"$or":[{"text":["x","y"]}]})");
}

TEST(query_string, makes_an_object_of_indices_that_are_too_high) {
  EXPECT_EQ(json_of("a[101]=1"), R"({"a":{"101":"1"}})");
  EXPECT_EQ(json_of("a[0]=1&a[x]=2"), R"({"a":{"0":"1","x":"2"}})");
  EXPECT_EQ(json_of("a[01]=1"), R"({"a":{"01":"1"}})");
}

TEST(query_string, merges_values_of_different_shapes) {
  EXPECT_EQ(json_of("a=1&a[b]=2"), R"({"a":["1",{"b":"2"}]})");
  EXPECT_EQ(json_of("a[b]=2&a=1"), R"({"a":{"b":"2","1":"true"}})");
  EXPECT_EQ(json_of("a=1&a[]=2"), R"({"a":["1","2"]})");
}

TEST(query_string, ignores_prototypes) {
  EXPECT_EQ(json_of("__proto__[x]=1&a[__proto__]=2&b=3"), R"({"b":"3"})");
  EXPECT_EQ(json_of("constructor=1"), R"({"constructor":"1"})");
}

TEST(query_string, refuses_what_is_too_large) {
  EXPECT_EQ(query_string_to_json(std::string(longest_query_string + 1, 'a')).error().code,
            errc::bad_request);
  std::string many;
  for (std::size_t i = 0; i <= most_query_parameters; ++i) {
    many += "a&";
  }
  EXPECT_EQ(query_string_to_json(many).error().code, errc::bad_request);
}

}  // namespace
}  // namespace flowcast::records
