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
  auto read(std::string_view json) {
    text = json;
    return read_wishes(services, protocol::scan_json(text).value, limits);
  }

  stores::store_options options{.services = services::definitions(offered())};
  stores::memory_store store{options};
  services::service_registry services{offered(), store};
  subscription_limits limits{.keys = 3, .key = 8};
  std::string text;
};

TEST_F(subscription_wishes, are_keys_by_service) {
  const auto wishes = read(R"({"microflow":["a",12345678],"orders":"b"})");
  ASSERT_TRUE(wishes);
  ASSERT_THAT(*wishes, SizeIs(2));
  EXPECT_THAT(wishes->at(0).keys, ElementsAre("a", "12345678"));
  EXPECT_THAT(wishes->at(1).keys, ElementsAre("b"));
}

TEST_F(subscription_wishes, are_of_the_whole_service_without_keys) {
  const auto wishes = read(R"({"orders":null})");
  ASSERT_TRUE(wishes);
  EXPECT_TRUE(wishes->at(0).whole);
}

TEST_F(subscription_wishes, are_refused_for_a_service_that_does_not_exist) {
  const auto wishes = read(R"({"nope":["a"]})");
  ASSERT_FALSE(wishes);
  EXPECT_EQ(wishes.error().code, records::errc::not_found);
  EXPECT_EQ(wishes.error().message, "Service 'nope' not found");
}

TEST_F(subscription_wishes, are_refused_for_what_is_no_key) {
  for (const char* const bad :
       {R"([])", R"("microflow")", R"({"microflow":[null]})", R"({"microflow":[{}]})",
        R"({"microflow":[""]})", R"({"microflow":["123456789"]})"}) {
    const auto wishes = read(bad);
    ASSERT_FALSE(wishes) << bad;
    EXPECT_EQ(wishes.error().code, records::errc::bad_request) << bad;
  }
}

TEST_F(subscription_wishes, are_bounded_over_all_services) {
  EXPECT_TRUE(read(R"({"microflow":["a","b"],"orders":["c"]})"));
  EXPECT_FALSE(read(R"({"microflow":["a","b"],"orders":["c","d"]})"));
  EXPECT_FALSE(read(R"({"microflow":["a","b","c","d"]})"));
}

TEST_F(subscription_wishes, concern_the_part_of_the_log_that_is_heard) {
  const auto everything = filters_of(services, {});
  ASSERT_THAT(everything, SizeIs(1));
  EXPECT_EQ(everything.front().service, 0U);
  EXPECT_TRUE(everything.front().whole);

  const auto keyed = filters_of(services, *read(R"({"microflow":["a"],"orders":["b"]})"));
  ASSERT_THAT(keyed, SizeIs(2));
  EXPECT_FALSE(keyed.at(0).whole);
  EXPECT_THAT(keyed.at(0).keys, ElementsAre("a"));
  EXPECT_THAT(keyed.at(1).keys, ElementsAre("b"));

  EXPECT_THAT(filters_of(services, *read(R"({"microflow":[]})")), IsEmpty());
}

}  // namespace
}  // namespace flowcast::realtime
