#include "records/key_patterns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "records/query.hpp"
#include "records/record.hpp"

namespace flowcast::records {
namespace {

key_patterns of(std::initializer_list<const char*> patterns) {
  key_patterns made;
  for (const char* each : patterns)
    made.add(each);
  return made;
}

TEST(key_patterns, match_nothing_until_told) {
  EXPECT_TRUE(key_patterns().is_none());
  EXPECT_FALSE(key_patterns().matches("a"));
  EXPECT_FALSE(key_patterns().matches(""));
}

TEST(key_patterns, match_keys_that_are_equal) {
  const key_patterns keys = of({"a", "b"});
  EXPECT_TRUE(keys.matches("b"));
  EXPECT_FALSE(keys.matches("ab"));
  EXPECT_FALSE(keys.matches("A"));
  EXPECT_THAT(keys.listed(), testing::Optional(testing::ElementsAre("a", "b")));
}

TEST(key_patterns, let_a_star_stand_for_any_text) {
  EXPECT_TRUE(of({"order-*"}).matches("order-"));
  EXPECT_TRUE(of({"order-*"}).matches("order-7"));
  EXPECT_FALSE(of({"order-*"}).matches("my order-7"));
  EXPECT_TRUE(of({"*-7"}).matches("order-7-7"));
  EXPECT_FALSE(of({"*-7"}).matches("order-7-"));
  EXPECT_TRUE(of({"a*b*c"}).matches("a--b--b--c"));
  EXPECT_FALSE(of({"a*b*c"}).matches("a--c--b"));
  EXPECT_EQ(of({"order-*"}).listed(), std::nullopt);
}

TEST(key_patterns, match_a_record_without_a_key_only_as_one_of_all) {
  EXPECT_TRUE(of({"**"}).is_all());
  EXPECT_TRUE(of({"*"}).matches(""));
  EXPECT_FALSE(of({"a*"}).matches(""));
}

// Quadratic at worst: of a pattern and a key of the longest sizes this takes a moment.
TEST(key_patterns, end_soon_with_many_stars) {
  std::string pattern;
  while (pattern.size() < longest_key_pattern - 2)
    pattern += "a*";
  EXPECT_FALSE(of({(pattern + "b").c_str()}).matches(std::string(longest_key_pattern, 'a')));
}

TEST(key_patterns, narrow_a_query) {
  query asked = query::from_query_string("n=1").value();
  const record allowed = make_record(read_document(R"({"text":"a","n":1})", {}).value(), 1, {});
  const record other = make_record(read_document(R"({"text":"b","n":1})", {}).value(), 2, {});
  EXPECT_TRUE(asked.matches(other));
  asked.narrow_to(std::make_shared<const key_patterns>(of({"a"})));
  EXPECT_TRUE(asked.matches(allowed));
  EXPECT_FALSE(asked.matches(other));
  EXPECT_THAT(asked.possible_keys("text"), testing::Optional(testing::ElementsAre("a")));
  query all;
  EXPECT_TRUE(all.matches_all());
  all.narrow_to(std::make_shared<const key_patterns>(of({"a"})));
  EXPECT_FALSE(all.matches_all());
  EXPECT_FALSE(all.matches(other));
}

}  // namespace
}  // namespace flowcast::records
