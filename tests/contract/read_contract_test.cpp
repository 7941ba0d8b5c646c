// Looking records up.
#include "contract/store_contract.hpp"

namespace flowcast::stores {
namespace {

using records::errc;
using testing::ElementsAre;
using testing::IsEmpty;

class read_contract : public store_contract {
 protected:
  std::vector<std::string> found(std::string_view query_string) {
    return jsons(find(query_string).value().records);
  }
};

TEST_P(read_contract, lists_numbers_first_then_names_as_they_came) {
  open();
  for (const char* id : {"\"b\"", "11", "\"a\"", "9", "\"010\"", "100"}) {
    create(R"({"id":)" + std::string(id) + "}");
  }
  EXPECT_THAT(found(""), ElementsAre(R"({"id":9})", R"({"id":11})", R"({"id":100})",
                                     R"({"id":"b"})", R"({"id":"a"})", R"({"id":"010"})"));
}

TEST_P(read_contract, gives_pages_with_the_total) {
  open();
  for (int i = 1; i <= 5; ++i) {
    create(R"({"id":)" + std::to_string(i) + R"(,"n":)" + std::to_string(i % 2) + "}");
  }
  const page some = find("$limit=2&$skip=1").value();
  EXPECT_EQ(some.total, 5U);
  EXPECT_EQ(some.limit, 2);
  EXPECT_EQ(some.skip, 1);
  EXPECT_THAT(jsons(some.records), ElementsAre(R"({"id":2,"n":0})", R"({"id":3,"n":1})"));
  EXPECT_EQ(find("$limit=0").value().total, 5U);
  EXPECT_THAT(find("$limit=0").value().records, IsEmpty());
  EXPECT_EQ(find("$limit=1&n=1").value().total, 3U);
  EXPECT_THAT(found("$limit=1&$skip=1&n=1"), ElementsAre(R"({"id":3,"n":1})"));
  EXPECT_EQ(find("$limit=2&$skip=9").value().total, 5U);
  EXPECT_THAT(found("$skip=9"), IsEmpty());
}

TEST_P(read_contract, sorts_before_it_cuts) {
  open();
  for (int i = 1; i <= 5; ++i) {
    create(R"({"id":)" + std::to_string(i) + R"(,"n":)" + std::to_string(i % 2) + "}");
  }
  EXPECT_THAT(found("$sort[n]=-1&$sort[id]=-1&$limit=2&$skip=1&$select=id"),
              ElementsAre(R"({"id":3})", R"({"id":1})"));
  EXPECT_EQ(find("$sort[n]=1&$limit=1").value().total, 5U);
}

TEST_P(read_contract, finds_by_key) {
  open();
  create(R"({"id":1,"text":"a"})");
  create(R"({"id":2,"text":5})");
  create(R"({"id":3,"text":["a","b"]})");
  create(R"({"id":4,"text":"b"})");
  create(R"({"id":5,"text":"5"})");
  submit(change(records::event_type::patched, "4", R"({"text":"a"})")).value();
  EXPECT_THAT(found("text=a&$select=id"), ElementsAre(R"({"id":1})", R"({"id":3})", R"({"id":4})"));
  EXPECT_THAT(found("text=b&$select=id"), ElementsAre(R"({"id":3})"));
  EXPECT_THAT(found("text=5&$select=id"), ElementsAre(R"({"id":2})", R"({"id":5})"));
  submit(change(records::event_type::removed, "1")).value();
  EXPECT_THAT(found("text=a&$select=id"), ElementsAre(R"({"id":3})", R"({"id":4})"));
}

TEST_P(read_contract, gets_one_record) {
  open();
  create(R"({"id":"own","text":"a","n":1})");
  EXPECT_EQ(get("own").value().json, R"({"id":"own","text":"a","n":1})");
  EXPECT_EQ(get("own", microflow, "$select=n").value().json, R"({"n":1,"id":"own"})");
  EXPECT_EQ(message_of(get("own", microflow, "text=b")), "No record found for id 'own'");
  EXPECT_EQ(code_of(get("own", chat)), errc::not_found);
  for (const char* id : {"", "__proto__", "999", "-1", "99999999999999999999", "a%2Fb"}) {
    EXPECT_EQ(code_of(get(id)), errc::not_found) << id;
  }
}

TEST_P(read_contract, sees_every_write_that_was_answered) {
  open();
  for (int i = 0; i < 50; ++i) {
    const written made = create(R"({"text":"k"})");
    ASSERT_TRUE(get(made.records[0].id.text()));
    ASSERT_EQ(find("$limit=1").value().total, static_cast<std::uint64_t>(i + 1));
  }
}

INSTANTIATE_TEST_SUITE_P(stores, read_contract, testing::ValuesIn(store_kinds()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace flowcast::stores
