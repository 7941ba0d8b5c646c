#include "services/lease_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowcast::services {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t many = 100;
constexpr std::int64_t repeat = 50;

lease of(std::string key, std::int64_t expires, std::string holder = "anna") {
  return {std::move(key), std::move(holder), "Anna", 1000, expires, 1};
}

TEST(lease_table, reminds_in_the_order_of_time) {
  lease_table table;
  table.set(of("b", 20));
  table.set(of("a", 30));
  table.set(of("c", 10));
  EXPECT_EQ(table.next_due(), 10);
  EXPECT_THAT(table.take_due(9, many, repeat), IsEmpty());
  EXPECT_THAT(table.take_due(20, many, repeat), ElementsAre("c", "b"));
  EXPECT_EQ(table.next_due(), 30);
  EXPECT_THAT(table.take_due(30, 1, repeat), ElementsAre("a"));
}

TEST(lease_table, reminds_again_until_an_event_says_otherwise) {
  lease_table table;
  table.set(of("a", 10));
  table.set(of("b", 10));
  EXPECT_THAT(table.take_due(10, many, repeat), ElementsAre("a", "b"));
  EXPECT_EQ(table.next_due(), 10 + repeat);
  table.erase("a");
  table.set(of("b", 500));
  EXPECT_EQ(table.next_due(), 500);
}

TEST(lease_table, counts_who_holds_how_many) {
  lease_table table;
  table.set(of("a", 10, "anna"));
  table.set(of("b", 10, "anna"));
  table.set(of("b", 20, "ben"));
  EXPECT_EQ(table.held_by({}, "anna"), 1U);
  EXPECT_EQ(table.held_by({}, "ben"), 1U);
  table.erase("a");
  table.erase("a");
  EXPECT_EQ(table.held_by({}, "anna"), 0U);
  EXPECT_EQ(table.size(), 1U);
}

TEST(lease_table, counts_a_user_whatever_holders_they_call_themselves) {
  lease_table table;
  for (const std::string holder : {"1", "2", "3"}) {
    lease each = of(holder, 10, holder);
    each.user = "anna";
    table.set(each);
  }
  EXPECT_EQ(table.held_by("anna", "4"), 3U);
  EXPECT_EQ(table.held_by("ben", "1"), 0U);
  EXPECT_EQ(table.held_by({}, "anna"), 0U);
}

TEST(lease_table, believes_events_rather_than_a_search_that_may_be_older) {
  lease_table table;
  table.set(of("renewed", 500));
  table.erase("released");
  table.fill({of("renewed", 10), of("released", 10), of("old", 10)});
  EXPECT_EQ(table.find("renewed")->expires, 500);
  EXPECT_EQ(table.find("released"), nullptr);
  EXPECT_EQ(table.find("old")->expires, 10);
}

}  // namespace
}  // namespace flowcast::services
