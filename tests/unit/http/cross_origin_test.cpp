#include "http/cross_origin.hpp"

#include <gtest/gtest.h>

namespace flowcast::http {
namespace {

std::string headers_for(const cross_origin& under_test, std::string origin, bool credentials) {
  request in;
  in.origin = std::move(origin);
  std::string out;
  under_test.append_headers(out, in, credentials);
  return out;
}

TEST(cross_origin, lets_everyone_read_where_no_origin_is_named) {
  const cross_origin open({});
  EXPECT_TRUE(open.allows("http://anywhere"));
  EXPECT_EQ(headers_for(open, "", false), "Access-Control-Allow-Origin: *\r\n");
  EXPECT_EQ(headers_for(open, "http://a.b", false), "Access-Control-Allow-Origin: *\r\n");
}

TEST(cross_origin, names_the_origin_of_clients_that_send_credentials) {
  EXPECT_EQ(headers_for(cross_origin({}), "http://a.b", true),
            "Access-Control-Allow-Origin: http://a.b\r\n"
            "Access-Control-Allow-Credentials: true\r\n"
            "Vary: Origin\r\n");
}

TEST(cross_origin, allows_the_origins_that_are_named_alone) {
  const cross_origin some({"https://a.b", "http://c:81"});
  EXPECT_TRUE(some.allows("https://a.b"));
  EXPECT_TRUE(some.allows("http://c:81"));
  EXPECT_TRUE(some.allows(""));
  for (const char* other : {"http://a.b", "https://a.b.evil", "https://x.a.b", "null", "http://c"})
    EXPECT_FALSE(some.allows(other)) << other;
  EXPECT_EQ(headers_for(some, "https://a.b", false),
            "Access-Control-Allow-Origin: https://a.b\r\nVary: Origin\r\n");
  EXPECT_EQ(headers_for(some, "https://evil", true), "Vary: Origin\r\n");
  EXPECT_EQ(headers_for(some, "", true), "Vary: Origin\r\n");
}

TEST(cross_origin, tells_a_preflight_what_may_be_sent) {
  request in;
  in.access_control_request_headers = "content-type,authorization";
  std::string out;
  cross_origin::append_preflight(out, in);
  EXPECT_EQ(out,
            "Access-Control-Allow-Methods: GET,HEAD,PUT,PATCH,POST,DELETE\r\n"
            "Vary: Access-Control-Request-Headers\r\n"
            "Access-Control-Allow-Headers: content-type,authorization\r\n");
}

}  // namespace
}  // namespace flowcast::http
