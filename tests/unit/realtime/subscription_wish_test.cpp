#include "realtime/subscription_wish.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/json_scanner.hpp"
#include "stores/memory_store.hpp"

namespace flowcast::realtime {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<services::service_options> offered() {
  std::vector<services::service_options> all(2);
  all[0].definition.name = "microflow";
  all[1].definition.name = "orders";
  all[1].deliver = services::delivery::keyed;
  return all;
}

struct subscription_wishes : testing::Test {
  records::result<wish_list> read(std::string_view json, granting how = granting::all_or_nothing) {
    text = json;
    return read_wishes(services, protocol::scan_json(text).value, limits, how);
  }
  records::result<std::vector<subscription_wish>> read_all(std::string_view json) {
    auto wishes = read(json);
    if (!wishes)
      return wishes.error();
    return std::move(wishes->granted);
  }

  stores::store_options options{.services = services::definitions(offered())};
  stores::memory_store store{options};
  services::service_registry services{offered(), store};
  subscription_limits limits{.keys = 3, .key = 8};
  std::string text;
};

TEST_F(subscription_wishes, are_keys_by_service) {
  const auto wishes = read_all(R"({"microflow":["a",12345678],"orders":"b"})");
  ASSERT_TRUE(wishes);
  ASSERT_THAT(*wishes, SizeIs(2));
  EXPECT_THAT(wishes->at(0).keys, ElementsAre("a", "12345678"));
  EXPECT_THAT(wishes->at(1).keys, ElementsAre("b"));
}

TEST_F(subscription_wishes, are_of_the_whole_service_without_keys) {
  const auto wishes = read_all(R"({"orders":null})");
  ASSERT_TRUE(wishes);
  EXPECT_TRUE(wishes->at(0).whole);
}

TEST_F(subscription_wishes, are_refused_for_a_service_that_does_not_exist) {
  const auto wishes = read_all(R"({"nope":["a"]})");
  ASSERT_FALSE(wishes);
  EXPECT_EQ(wishes.error().code, records::errc::not_found);
  EXPECT_EQ(wishes.error().message, "Service 'nope' not found");
}

TEST_F(subscription_wishes, are_refused_for_what_is_no_key) {
  for (const char* const bad :
       {R"([])", R"("microflow")", R"({"microflow":[null]})", R"({"microflow":[{}]})",
        R"({"microflow":[""]})", R"({"microflow":["123456789"]})"}) {
    const auto wishes = read_all(bad);
    ASSERT_FALSE(wishes) << bad;
    EXPECT_EQ(wishes.error().code, records::errc::bad_request) << bad;
  }
}

TEST_F(subscription_wishes, are_bounded_over_all_services) {
  EXPECT_TRUE(read_all(R"({"microflow":["a","b"],"orders":["c"]})"));
  EXPECT_FALSE(read_all(R"({"microflow":["a","b"],"orders":["c","d"]})"));
  EXPECT_FALSE(read_all(R"({"microflow":["a","b","c","d"]})"));
}

TEST_F(subscription_wishes, concern_the_part_of_the_log_that_is_heard) {
  const auto everything = filters_of(services, {});
  ASSERT_THAT(everything, SizeIs(1));
  EXPECT_EQ(everything.front().service, 0U);
  EXPECT_TRUE(everything.front().whole);

  const auto keyed = filters_of(services, *read_all(R"({"microflow":["a"],"orders":["b"]})"));
  ASSERT_THAT(keyed, SizeIs(2));
  EXPECT_FALSE(keyed.at(0).whole);
  EXPECT_THAT(keyed.at(0).keys, ElementsAre("a"));
  EXPECT_THAT(keyed.at(1).keys, ElementsAre("b"));

  EXPECT_THAT(filters_of(services, *read_all(R"({"microflow":[]})")), IsEmpty());
}

TEST_F(subscription_wishes, are_granted_in_part_where_that_is_asked_for) {
  const auto wishes =
      read(R"({"nope":["a"],"microflow":["","a","123456789","b"],"orders":["c","d","e"]})",
           granting::in_part);
  ASSERT_TRUE(wishes);
  ASSERT_THAT(wishes->granted, SizeIs(2));
  EXPECT_THAT(wishes->granted.at(0).keys, ElementsAre("a", "b"));
  EXPECT_THAT(wishes->granted.at(1).keys, ElementsAre("c"));
  ASSERT_THAT(wishes->refused, SizeIs(4));
  EXPECT_EQ(wishes->refused.at(0).service, "nope");
  EXPECT_EQ(wishes->refused.at(0).why.code, records::errc::not_found);
  EXPECT_THAT(wishes->refused.at(0).keys, IsEmpty());
  EXPECT_THAT(wishes->refused.at(1).keys, ElementsAre(""));
  EXPECT_THAT(wishes->refused.at(2).keys, ElementsAre("123456789"));
  EXPECT_EQ(wishes->refused.at(3).service, "orders");
  EXPECT_THAT(wishes->refused.at(3).keys, ElementsAre("d", "e"));
  EXPECT_FALSE(wishes->in_vain());
}

TEST_F(subscription_wishes, hear_nothing_of_a_service_of_which_all_was_refused) {
  const auto wishes = read(R"({"microflow":["123456789"]})", granting::in_part);
  ASSERT_TRUE(wishes);
  EXPECT_TRUE(wishes->granted.at(0).silent);
  EXPECT_THAT(filters_of(services, wishes->granted), IsEmpty());
  EXPECT_TRUE(wishes->in_vain());
}

TEST_F(subscription_wishes, for_no_key_yet_are_not_in_vain) {
  EXPECT_FALSE(read(R"({"nope":["a"],"microflow":[]})", granting::in_part)->in_vain());
  EXPECT_TRUE(read(R"({"nope":["a"]})", granting::in_part)->in_vain());
  EXPECT_FALSE(read("{}", granting::in_part)->in_vain());
}

TEST_F(subscription_wishes, of_another_shape_are_refused_as_a_whole) {
  EXPECT_FALSE(read("[]", granting::in_part));
  EXPECT_FALSE(read(R"({"microflow":[null]})", granting::in_part));
}

TEST_F(subscription_wishes, that_are_refused_are_told_by_service_keys_and_reason) {
  std::vector<refused_wish> refused;
  const records::error why{records::errc::forbidden, "No", {}, {}};
  refuse_in_part(refused, "a \"b\"", std::nullopt, why);
  refuse_in_part(refused, "microflow", "1", why);
  refuse_in_part(refused, "microflow", "2", why);
  const std::string error = records::to_json(why);
  EXPECT_EQ(to_json(refused), R"([{"service":"a \"b\"","error":)" + error +
                                  R"(},{"service":"microflow","keys":["1","2"],"error":)" + error +
                                  "}]");
}

}  // namespace
}  // namespace flowcast::realtime
