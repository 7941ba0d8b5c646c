#include "services/publish_rate.hpp"

#include <gtest/gtest.h>

namespace flowcast::services {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(publish_rate, asks_to_come_back_when_a_seconds_worth_is_used_up) {
  publish_rate ten(10);
  const publish_rate::clock::time_point start{};
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(ten.take("a", start), seconds(0)) << i;
  EXPECT_EQ(ten.take("a", start), seconds(1));
  EXPECT_EQ(ten.take("b", start), seconds(0));
  EXPECT_EQ(ten.take("a", start + milliseconds(99)), seconds(1));
  EXPECT_EQ(ten.take("a", start + milliseconds(101)), seconds(0));
  EXPECT_EQ(ten.take("a", start + milliseconds(102)), seconds(1));
}

TEST(publish_rate, saves_up_no_more_than_a_second) {
  publish_rate two(2);
  const publish_rate::clock::time_point start{};
  EXPECT_EQ(two.take("a", start), seconds(0));
  const auto later = start + seconds(1000);
  EXPECT_EQ(two.take("a", later), seconds(0));
  EXPECT_EQ(two.take("a", later), seconds(0));
  EXPECT_NE(two.take("a", later), seconds(0));
}

TEST(publish_rate, has_no_limit_at_zero) {
  publish_rate any(0);
  for (int i = 0; i < 1000; ++i)
    EXPECT_EQ(any.take("a", {}), seconds(0));
}

TEST(publish_rate, remembers_who_has_used_up_his_share_among_many) {
  publish_rate one(1);
  publish_rate::clock::time_point now{};
  EXPECT_EQ(one.take("greedy", now), seconds(0));
  for (int i = 0; i < 3000; ++i)
    EXPECT_EQ(one.take("guest " + std::to_string(i), now), seconds(0));
  EXPECT_EQ(one.take("greedy", now), seconds(1));
}

TEST(publish_rate, says_when_to_come_back) {
  publish_rate one(1);
  EXPECT_FALSE(one.refuse("10.0.0.1"));
  const auto refused = one.refuse("10.0.0.1");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, records::errc::too_many_requests);
  EXPECT_EQ(refused->retry_after, seconds(1));
  EXPECT_EQ(refused->data, R"({"retryAfter":1})");
}

TEST(publish_rate, counts_the_addresses_of_one_ipv6_network_together) {
  publish_rate one(1);
  EXPECT_FALSE(one.refuse("2001:db8::1"));
  EXPECT_TRUE(one.refuse("2001:db8::2"));
  EXPECT_FALSE(one.refuse("2001:db8:0:1::1"));
}

}  // namespace
}  // namespace flowcast::services
