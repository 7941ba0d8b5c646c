#include "http/trusted_proxies.hpp"

#include <gtest/gtest.h>

namespace flowcast::http {
namespace {

trusted_proxies of(std::initializer_list<const char*> networks) {
  std::vector<trusted_proxies::network> made;
  for (const char* text : networks)
    made.push_back(trusted_proxies::parse(text).value());
  return trusted_proxies(std::move(made));
}

TEST(trusted_proxies, believes_nobody_by_default) {
  EXPECT_EQ(of({}).client("127.0.0.1", "1.2.3.4"), "127.0.0.1");
}

TEST(trusted_proxies, believes_the_ones_it_knows) {
  const trusted_proxies known = of({"10.0.0.5", "192.168.0.0/16", "fd00::/8"});
  EXPECT_EQ(known.client("10.0.0.5", "1.2.3.4"), "1.2.3.4");
  EXPECT_EQ(known.client("192.168.77.1", "2001:db8::1"), "2001:db8::1");
  EXPECT_EQ(known.client("fd12::1", "1.2.3.4"), "1.2.3.4");
  EXPECT_EQ(known.client("10.0.0.6", "1.2.3.4"), "10.0.0.6");
  EXPECT_EQ(known.client("192.169.0.1", "1.2.3.4"), "192.169.0.1");
  EXPECT_EQ(known.client("10.0.0.5", ""), "10.0.0.5");
}

TEST(trusted_proxies, does_not_believe_what_a_client_wrote_itself) {
  const trusted_proxies known = of({"10.0.0.0/8"});
  EXPECT_EQ(known.client("10.0.0.1", "6.6.6.6, 1.2.3.4"), "1.2.3.4");
  EXPECT_EQ(known.client("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2"), "1.2.3.4");
  EXPECT_EQ(known.client("10.0.0.1", "junk"), "10.0.0.1");
  EXPECT_EQ(known.client("10.0.0.1", "1.2.3.4, junk"), "10.0.0.1");
  EXPECT_EQ(known.client("10.0.0.1", "10.0.0.3"), "10.0.0.3");
}

TEST(trusted_proxies, reads_addresses_and_networks_alone) {
  for (const char* text : {"10.0.0.1", "10.0.0.0/0", "10.0.0.0/32", "::1", "fd00::/128"})
    EXPECT_TRUE(trusted_proxies::parse(text).has_value()) << text;
  for (const char* text : {"", "proxy", "10.0.0.0/33", "::1/129", "10.0.0.0/", "10.0.0.0/x", "/8"})
    EXPECT_FALSE(trusted_proxies::parse(text).has_value()) << text;
}

}  // namespace
}  // namespace flowcast::http
