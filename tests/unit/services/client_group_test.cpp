#include "services/client_group.hpp"

#include <gtest/gtest.h>

namespace flowcast::services {
namespace {

TEST(client_group, is_an_ipv4_address_itself) {
  EXPECT_EQ(client_group("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client_group("::ffff:192.0.2.7"), "::ffff:192.0.2.7");
}

TEST(client_group, is_the_network_of_an_ipv6_address_however_it_is_written) {
  EXPECT_EQ(client_group("2001:db8:0:1:2:3:4:5"), "2001:db8:0:1::/64");
  EXPECT_EQ(client_group("2001:DB8:0000:0001::9"), "2001:db8:0:1::/64");
  EXPECT_EQ(client_group("2001:db8::1"), "2001:db8:0:0::/64");
  EXPECT_EQ(client_group("2001:db8::1:2:3:4:5"), "2001:db8:0:1::/64");
  EXPECT_EQ(client_group("::"), "0:0:0:0::/64");
  EXPECT_EQ(client_group("fe80::"), "fe80:0:0:0::/64");
}

TEST(client_group, makes_something_of_whatever_it_is_given) {
  for (const char* text : {":", ":::", "1:2:3:4:5:6:7:8:9:10", "::1:2:3:4:5:6:7:8:9", ""})
    EXPECT_NO_THROW((void)client_group(text));
}

}  // namespace
}  // namespace flowcast::services
