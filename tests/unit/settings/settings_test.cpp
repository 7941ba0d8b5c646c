#include "settings/settings.hpp"

#include <gtest/gtest.h>

namespace flowcast::settings {
namespace {

TEST(is_loopback, knows_the_addresses_that_only_this_machine_reaches) {
  for (const char* host : {"127.0.0.1", "127.8.9.1", "::1", "localhost", "::ffff:127.0.0.1"})
    EXPECT_TRUE(is_loopback({host, 1})) << host;
  for (const char* host : {"0.0.0.0", "::", "192.168.1.4", "::ffff:10.0.0.1", "example.com",
                           "localhost.example.com", "127.0.0.1.example.com"})
    EXPECT_FALSE(is_loopback({host, 1})) << host;
}

TEST(to_url, tells_tls_and_puts_an_ipv6_address_in_brackets) {
  EXPECT_EQ(to_url(http::listen_address{"127.0.0.1", 3030}), "http://127.0.0.1:3030");
  EXPECT_EQ(to_url(http::listen_address{"::1", 443, true}), "https://[::1]:443");
}

}  // namespace
}  // namespace flowcast::settings
