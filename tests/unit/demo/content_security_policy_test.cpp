#include "web/content_security_policy.hpp"

#include <gtest/gtest.h>

namespace flowcast::demo {
namespace {

TEST(content_security_policy, is_no_header_by_default) {
  EXPECT_EQ(to_header(content_security_policy::none, "http://localhost:3030"), "");
}

TEST(content_security_policy, lets_webassembly_run_where_it_says_so) {
  EXPECT_EQ(to_header(content_security_policy::wasm, "http://localhost:3030"),
            "script-src 'self' 'wasm-unsafe-eval'");
}

TEST(content_security_policy, names_the_socket_beside_the_server_when_strict) {
  EXPECT_EQ(to_header(content_security_policy::strict, "http://localhost:3030"),
            "default-src 'self'; connect-src 'self' http://localhost:3030 ws://localhost:3030");
  EXPECT_EQ(to_header(content_security_policy::strict, "https://live.example.com"),
            "default-src 'self'; connect-src 'self' https://live.example.com "
            "wss://live.example.com");
}

TEST(content_security_policy, has_three_names) {
  EXPECT_EQ(parse_policy("wasm"), content_security_policy::wasm);
  EXPECT_EQ(parse_policy("Strict"), std::nullopt);
}

}  // namespace
}  // namespace flowcast::demo
