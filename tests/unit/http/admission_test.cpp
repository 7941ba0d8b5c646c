#include "http/admission.hpp"

#include <gtest/gtest.h>

namespace flowcast::http {
namespace {

TEST(admission, lets_everyone_in_where_there_is_no_limit) {
  admission open(0, 0);
  std::vector<std::unique_ptr<realtime::lease>> held;
  for (int i = 0; i < 100; ++i) {
    auto one = open.admit("10.0.0.1");
    ASSERT_TRUE(one.has_value());
    held.push_back(std::move(*one));
  }
  EXPECT_EQ(open.connections(), 100U);
  held.clear();
  EXPECT_EQ(open.connections(), 0U);
}

TEST(admission, lets_in_as_many_as_there_is_room_for) {
  admission small(2, 0);
  auto one = small.admit("10.0.0.1");
  const auto two = small.admit("127.0.0.1");
  ASSERT_TRUE(one && two);
  EXPECT_EQ(small.admit("10.0.0.3").error(), operations::rejection::connections);
  one->reset();
  EXPECT_TRUE(small.admit("10.0.0.3"));
}

TEST(admission, counts_addresses_by_themselves) {
  admission shared(0, 1);
  auto one = shared.admit("10.0.0.1");
  ASSERT_TRUE(one);
  EXPECT_EQ(shared.admit("10.0.0.1").error(), operations::rejection::connections_per_address);
  EXPECT_TRUE(shared.admit("10.0.0.2"));
  EXPECT_EQ(shared.connections(), 1U);
  one->reset();
  EXPECT_TRUE(shared.admit("10.0.0.1"));
}

TEST(admission, counts_an_ipv6_network_as_one_address) {
  admission shared(0, 1);
  const auto one = shared.admit("2001:db8::1");
  EXPECT_TRUE(one);
  EXPECT_FALSE(shared.admit("2001:db8::2"));
  EXPECT_TRUE(shared.admit("2001:db8:0:1::1"));
}

TEST(admission, does_not_count_this_machines_own_addresses) {
  admission shared(0, 1);
  const auto one = shared.admit("127.0.0.1");
  const auto two = shared.admit("127.0.0.1");
  const auto three = shared.admit("::1");
  const auto four = shared.admit("::1");
  EXPECT_TRUE(one && two && three && four);
}

}  // namespace
}  // namespace flowcast::http
