#include "http/admission.hpp"

#include <gtest/gtest.h>

#include "http/entry_limits.hpp"

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

TEST(admission, counts_what_a_proxy_relays_for_its_client) {
  admission shared(3, 1);
  const auto relayed = shared.admit_relayed();
  const auto another = shared.admit_relayed();
  ASSERT_TRUE(relayed && another);
  EXPECT_EQ(shared.connections(), 2U);
  auto client = shared.admit_client("10.0.0.1");
  ASSERT_TRUE(client);
  EXPECT_EQ(shared.connections(), 2U) << "it has its place in all already";
  EXPECT_EQ(shared.admit_client("10.0.0.1").error(),
            operations::rejection::connections_per_address);
  EXPECT_EQ(shared.admit("10.0.0.1").error(), operations::rejection::connections_per_address);
  EXPECT_TRUE(shared.admit_client("10.0.0.2"));
  client->reset();
  EXPECT_EQ(shared.connections(), 2U);
  const auto direct = shared.admit("10.0.0.1");
  EXPECT_TRUE(direct);
  EXPECT_EQ(shared.admit_relayed().error(), operations::rejection::connections);
}

TEST(entry_limits, take_a_trusted_proxys_connections_for_its_clients) {
  http_options options;
  options.max_connections_per_address = 1;
  options.proxies = {*trusted_proxies::parse("10.0.0.0/24")};
  entry_limits limits(options);
  const auto one = limits.admit("10.0.0.7");
  const auto two = limits.admit("10.0.0.7");
  EXPECT_TRUE(one && two);
  const auto stranger = limits.admit("10.0.1.7");
  EXPECT_TRUE(stranger);
  EXPECT_EQ(limits.admit("10.0.1.7").error(), operations::rejection::connections_per_address);
}

}  // namespace
}  // namespace flowcast::http
