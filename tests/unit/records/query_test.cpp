#include "records/query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "records/create_query.hpp"
#include "records/query_string.hpp"

namespace flowcast::records {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const record_fields fields;

// The records that the captures of a Node server were made with.
std::vector<record> captured() {
  std::vector<record> made;
  const std::vector<std::pair<std::string, std::string>> documents = {
      {R"({"text":"guid-0"})", "0"},
      {R"({"id":1,"text":"guid-1","replaced":true})", "1"},
      {R"({"text":"12345678901234567"})", "2"},
      {R"({"text":"a","n":3})", "3"},
      {R"({"text":"b","n":4})", "4"},
      {R"({"text":"form","x":{"y":"1"}})", "5"},
      {R"({})", "6"},
      {R"({"text":"héllo € 😀","nested":{"a":[1,null,true]}})", "12"},
      {R"({"id":"own","text":"own id"})", "\"own\""},
  };
  for (const auto& [json, id] : documents) {
    document read = read_document(json, fields).value();
    std::string text = id;
    std::erase(text, '"');
    made.push_back(make_record(std::move(read), record_id::from_text(text), id, fields));
  }
  return made;
}

std::vector<std::string> ids(const std::vector<record>& records) {
  std::vector<std::string> out;
  for (const record& each : records) {
    out.push_back(each.id.text());
  }
  return out;
}

std::vector<std::string> matching(const query& asked) {
  std::vector<record> found;
  for (record& each : captured()) {
    if (asked.matches(each)) {
      // Whatever an index on the key would leave out must not match.
      if (const auto keys = asked.possible_keys("text"); keys && !each.key.empty()) {
        EXPECT_THAT(*keys, testing::Contains(each.key));
      }
      found.push_back(std::move(each));
    }
  }
  asked.sort(found);
  return ids(found);
}

std::vector<std::string> url(std::string_view text) {
  return matching(query::from_query_string(text).value());
}

std::vector<std::string> socket(std::string_view json) {
  return matching(query::from_json(json).value());
}

std::string refused(const result<query>& made) {
  return made ? "accepted" : to_json(made.error());
}

TEST(query, matches_all_when_nothing_is_asked) {
  EXPECT_TRUE(query().matches_all());
  EXPECT_TRUE(query::from_query_string("$limit=2&$sort[n]=1").value().matches_all());
  EXPECT_EQ(url("").size(), 9U);
}

TEST(query, compares_with_equality) {
  EXPECT_THAT(url("text=guid-0"), ElementsAre("0"));
  EXPECT_THAT(url("text=h%C3%A9llo%20%E2%82%AC%20%F0%9F%98%80"), ElementsAre("12"));
  EXPECT_THAT(url("text=null"), IsEmpty());
  EXPECT_THAT(url("text="), IsEmpty());
  EXPECT_THAT(url("a[b][c][d][e][f][g][h]=1"), IsEmpty());
  EXPECT_THAT(url("id=own"), ElementsAre("own"));
  EXPECT_EQ(url("__proto__[x]=1").size(), 9U);
}

TEST(query, reads_a_urls_value_as_what_the_field_is) {
  EXPECT_THAT(url("n=3"), ElementsAre("3"));
  EXPECT_THAT(url("n[$lt]=4"), ElementsAre("3"));
  EXPECT_THAT(url("n[$lte]=4"), ElementsAre("3", "4"));
  EXPECT_THAT(url("n[$gt]=3"), ElementsAre("4"));
  EXPECT_THAT(url("n[$gte]=3.0"), ElementsAre("3", "4"));
  EXPECT_THAT(url("n[$in][]=3"), ElementsAre("3"));
  EXPECT_THAT(url("replaced=true"), ElementsAre("1"));
  EXPECT_THAT(url("text=12345678901234567"), ElementsAre("2"));
}

TEST(query, keeps_types_apart_over_a_socket) {
  EXPECT_THAT(socket(R"({"n":"3"})"), IsEmpty());
  EXPECT_THAT(socket(R"({"n":3})"), ElementsAre("3"));
  EXPECT_THAT(socket(R"({"n":{"$lt":"4"}})"), IsEmpty());
  EXPECT_THAT(socket(R"({"text":{"$gt":"g"}})"), ElementsAre("0", "1", "12", "own"));
  EXPECT_THAT(socket(R"({"text":12345678901234567})"), IsEmpty());
}

TEST(query, takes_null_for_absent) {
  EXPECT_THAT(socket(R"({"n":null})"), ElementsAre("0", "1", "2", "5", "6", "12", "own"));
  EXPECT_THAT(socket(R"({"text":null})"), ElementsAre("6"));
  EXPECT_THAT(socket(R"({"n":{"$ne":null}})"), ElementsAre("3", "4"));
  EXPECT_THAT(socket(R"({"n":{"$in":[null,3]},"text":{"$in":["a",null]}})"), ElementsAre("3", "6"));
}

TEST(query, knows_in_and_not_in) {
  for (const char* text : {"text[$in][]=guid-0&text[$in][]=b", "text[$in][0]=guid-0&text[$in][1]=b",
                           "text[$in]=guid-0&text[$in]=b", "$or[0][text]=guid-0&$or[1][text]=b"}) {
    EXPECT_THAT(url(text), ElementsAre("0", "4")) << text;
  }
  EXPECT_THAT(url("text[$in]=guid-0"), ElementsAre("0"));
  EXPECT_THAT(url("text[$in]=guid-0,b"), IsEmpty());
  EXPECT_THAT(url("text[$nin][]=guid-0&text[$nin][]=b"),
              ElementsAre("1", "2", "3", "5", "6", "12", "own"));
  EXPECT_THAT(url("text[$ne]=guid-0").size(), 8U);
}

TEST(query, knows_or_and_and) {
  EXPECT_THAT(url("$or[][text]=guid-0&$or[][text]=b"), IsEmpty());
  EXPECT_THAT(url("$and[0][text]=guid-0&$and[1][text]=b"), IsEmpty());
  EXPECT_THAT(socket(R"({"$and":[{"text":"a"},{"n":3}]})"), ElementsAre("3"));
  EXPECT_THAT(socket(R"({"$or":[{"text":"a"},{"$and":[{"n":4},{"$or":[{"text":"b"}]}]}]})"),
              ElementsAre("3", "4"));
  EXPECT_THAT(socket(R"({"$or":[]})"), IsEmpty());
}

TEST(query, reaches_into_records) {
  EXPECT_THAT(url("nested.a=1"), ElementsAre("12"));
  EXPECT_THAT(url("nested[a]=1"), IsEmpty());
  EXPECT_THAT(url("x.y=1"), ElementsAre("5"));
  EXPECT_THAT(url("x[y]=1"), ElementsAre("5"));
  EXPECT_THAT(socket(R"({"nested.a":[1,null,true]})"), ElementsAre("12"));
  EXPECT_THAT(socket(R"({"nested.a.2":true})"), ElementsAre("12"));
  EXPECT_THAT(socket(R"({"nested":{"a":[1,null,true]}})"), ElementsAre("12"));
  EXPECT_THAT(socket(R"({"nested.a":{"$ne":1}})").size(), 8U);
}

TEST(query, takes_params_that_are_no_object_as_javascript_does) {
  EXPECT_THAT(socket("\"str\""), IsEmpty());
  EXPECT_THAT(socket("[1]"), IsEmpty());
  EXPECT_EQ(socket("5").size(), 9U);
  EXPECT_EQ(socket("null").size(), 9U);
  EXPECT_EQ(socket("[]").size(), 9U);
}

TEST(query, sorts) {
  EXPECT_THAT(url("$sort[text]=1"), ElementsAre("6", "2", "3", "4", "5", "0", "1", "12", "own"));
  EXPECT_THAT(url("$sort[text]=-1"), ElementsAre("own", "12", "1", "0", "5", "4", "3", "2", "6"));
  EXPECT_THAT(url("$sort[n]=-1&$sort[id]=1"),
              ElementsAre("4", "3", "0", "1", "2", "5", "6", "12", "own"));
  EXPECT_THAT(socket(R"({"$sort":{"nested.a":-1},"n":null,"text":{"$ne":"form"}})"),
              ElementsAre("12", "0", "1", "2", "6", "own"));
}

TEST(query, sorts_by_nothing_that_is_no_field_with_a_number) {
  for (const char* no_sort : {"$sort=text", "$sort=", "$sort[]=text", "$sort[text]=asc",
                              "$sort[text]=asc&$sort[n]=-1", "$sort[text][a]=1"}) {
    EXPECT_EQ(url(no_sort), url("")) << no_sort;
  }
  EXPECT_EQ(url("$sort[n]=-1&$sort[text]=asc&$sort[id]=-1"), url("$sort[n]=-1"));
  EXPECT_EQ(socket(R"({"$sort":null})"), socket("{}"));
}

TEST(query, finds_nothing_by_an_alternative_that_is_no_query) {
  EXPECT_THAT(url("$or[]=a"), IsEmpty());
  EXPECT_THAT(url("$and[]=a"), IsEmpty());
  EXPECT_THAT(socket(R"({"$or":[null,{"text":"a"}]})"), ElementsAre("3"));
}

TEST(query, reads_of_a_create_what_concerns_it_alone) {
  const auto asked = create_query_from_query_string(
      "text=a&$foo=1&text[$foo]=1&$sort=x&$select[]=n&$deliverAfter=5");
  ASSERT_TRUE(asked);
  EXPECT_TRUE(asked->matches_all());
  EXPECT_TRUE(asked->has_select());
  EXPECT_EQ(asked->deliver_after.count(), 5);
  EXPECT_TRUE(create_query_from_json("null"));
  for (const char* wrong : {R"({"$deliverAfter":"soon"})", R"({"$select":5})", "{"}) {
    EXPECT_FALSE(create_query_from_json(wrong)) << wrong;
  }
}

TEST(query, sorts_strings_by_utf16_and_numbers_exactly) {
  std::vector<record> records;
  const auto add = [&records](const std::string& value) {
    records.push_back(make_record(read_document(R"({"v":)" + value + "}", fields).value(),
                                  static_cast<std::int64_t>(records.size()), fields));
  };
  add("\"\xef\xbf\xbd\"");      // U+FFFD: behind the surrogates of the next one
  add("\"\xf0\x9f\x98\x80\"");  // U+1F600
  add("9007199254740993");
  add("9007199254740992");
  add("true");
  add("null");
  add("[1]");
  add("{}");
  add("-1e3");
  query::from_json(R"({"$sort":{"v":1}})").value().sort(records);
  EXPECT_THAT(ids(records), ElementsAre("5", "8", "3", "2", "1", "0", "4", "6", "7"));
}

TEST(query, selects) {
  const auto select = [](std::string_view text, std::size_t index) {
    return query::from_query_string(text).value().select(captured()[index], "id").json;
  };
  EXPECT_EQ(select("$select[]=text", 1), R"({"text":"guid-1","id":1})");
  EXPECT_EQ(select("$select=n&$select=text", 3), R"({"n":3,"text":"a","id":3})");
  EXPECT_EQ(select("$select=id&$select=n&$select=n", 3), R"({"id":3,"n":3})");
  EXPECT_EQ(select("$select[]=none", 6), R"({"id":6})");
  EXPECT_EQ(select("$select=", 0), R"({"text":"guid-0","id":0})");
  const query odd = query::from_json(R"({"$select":[5,null]})").value();
  EXPECT_EQ(odd.select(captured()[0], "id").json, R"({"id":0})");
  EXPECT_FALSE(query::from_json(R"({"$select":null})").value().has_select());
}

TEST(query, reads_limit_and_skip_as_parse_int_does) {
  const auto limit = [](std::string_view json) { return query::from_json(json).value().limit; };
  EXPECT_EQ(limit(R"({"$limit":2})"), 2);
  EXPECT_EQ(limit(R"({"$limit":"2"})"), 2);
  EXPECT_EQ(limit(R"({"$limit":"2abc"})"), 2);
  EXPECT_EQ(limit(R"({"$limit":["2","3"]})"), 2);
  EXPECT_EQ(limit(R"({"$limit":[]})"), std::nullopt);
  EXPECT_EQ(limit(R"({"$limit":2.9})"), 2);
  EXPECT_EQ(limit(R"({"$limit":0})"), 0);
  EXPECT_EQ(limit(R"({"$limit":-1})"), std::nullopt);
  EXPECT_EQ(limit(R"({"$limit":"abc"})"), std::nullopt);
  EXPECT_EQ(limit(R"({"$limit":false})"), std::nullopt);
  EXPECT_EQ(limit("{}"), std::nullopt);
  EXPECT_EQ(query::from_query_string("$skip=3").value().skip, 3);
  EXPECT_EQ(query::from_query_string("$skip=-3").value().skip, 0);
  EXPECT_EQ(query::from_query_string("$deliverAfter=250").value().deliver_after.count(), 250);
}

TEST(query, refuses_unknown_operators_in_feathers_words) {
  EXPECT_EQ(refused(query::from_query_string("text[$foo]=1")),
            R"({"name":"BadRequest","message":"Invalid query parameter $foo","code":400,)"
            R"("className":"bad-request","data":{"$foo":"1"}})");
  EXPECT_EQ(refused(query::from_json(R"({"text":{ "$foo" : 1 }})")),
            R"({"name":"BadRequest","message":"Invalid query parameter $foo","code":400,)"
            R"("className":"bad-request","data":{"$foo":1}})");
  EXPECT_EQ(refused(query::from_query_string("$foo=1")),
            R"({"name":"BadRequest","message":"Invalid filter value $foo","code":400,)"
            R"("className":"bad-request"})");
  EXPECT_EQ(query::from_json(R"({"$or":[{"$foo":1}]})").error().message,
            "Invalid query parameter $foo");
  EXPECT_EQ(query::from_json(R"({"a":{"b":{"$foo":1}}})").error().message,
            "Invalid query parameter $foo");
  EXPECT_EQ(query::from_json(R"({"a":{"$lt":1,"b":1}})").error().message,
            "Property queries must contain only operations, or exact objects.");
}

TEST(query, refuses_what_makes_no_sense) {
  for (const char* json : {R"({"$or":{"a":1}})", R"({"$select":5})", R"({"$deliverAfter":"soon"})",
                           R"({"$deliverAfter":"2s"})", R"({"$deliverAfter":1.5})",
                           R"({"$deliverAfter":-1})", "{", ""}) {
    EXPECT_FALSE(query::from_json(json)) << json;
  }
}

TEST(query, is_bounded) {
  std::string deep = "{}";
  for (int i = 0; i < 12; ++i) {
    deep = R"({"$or":[)" + deep + "]}";
  }
  EXPECT_TRUE(query::from_json(deep));
  for (int i = 0; i < 12; ++i) {
    deep = R"({"$or":[)" + deep + "]}";
  }
  EXPECT_FALSE(query::from_json(deep));

  std::string many = R"({"a":{"$in":[0)";
  for (std::size_t i = 0; i < most_query_values; ++i) {
    many += ",1";
  }
  EXPECT_FALSE(query::from_json(many + "]}}"));
  EXPECT_FALSE(query::from_json(R"({"a":")" + std::string(longest_query_json, 'a') + "\"}"));
  EXPECT_FALSE(query::from_query_string(std::string(longest_query_string + 1, 'a')));
  EXPECT_FALSE(query::from_json(R"({"a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a":1})"));
}

TEST(query, narrows_by_key) {
  const auto keys = [](std::string_view text) {
    return query::from_query_string(text).value().possible_keys("text");
  };
  EXPECT_THAT(*keys("text=guid"), ElementsAre("guid"));
  EXPECT_THAT(*keys("text=5.0&n=3"), ElementsAre("5.0", "5"));
  EXPECT_EQ(keys("n=3"), std::nullopt);
  EXPECT_EQ(keys("text[$ne]=guid"), std::nullopt);
  EXPECT_EQ(keys("$or[0][text]=a"), std::nullopt);
  EXPECT_EQ(query().possible_keys("text"), std::nullopt);
}

TEST(query, may_be_copied_and_outlive_its_source) {
  query copy;
  {
    const std::string text = "text=guid-0";
    copy = query::from_query_string(text).value();
  }
  EXPECT_THAT(matching(copy), ElementsAre("0"));
}

}  // namespace
}  // namespace flowcast::records
