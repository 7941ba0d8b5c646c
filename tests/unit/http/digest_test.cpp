#include "http/digest.hpp"

#include <string>

#include <gtest/gtest.h>

namespace flowcast::http {
namespace {

std::string etag_of(std::string_view body) {
  std::string etag;
  append_etag(etag, body);
  return etag;
}

TEST(etag, is_the_one_that_express_gives) {
  EXPECT_EQ(etag_of(R"({"total":0,"limit":10,"skip":0,"data":[]})"),
            R"(W/"29-wvD3r5ZFfIWlgjxrzCoRtfXXzZo")");
  EXPECT_EQ(etag_of(R"({"text":"guid-0","id":0})"), R"(W/"18-PQdmfuMIq+/5Vy20NmX41RvIl2g")");
  EXPECT_EQ(etag_of("[]"), R"(W/"2-l9Fw4VUO7kr8CvBlt4zaMCqXZ0w")");
}

TEST(websocket_accept, answers_the_key_of_the_rfc) {
  EXPECT_EQ(websocket_accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(is_websocket_key, takes_the_base64_of_sixteen_bytes_alone) {
  EXPECT_TRUE(is_websocket_key("dGhlIHNhbXBsZSBub25jZQ=="));
  EXPECT_FALSE(is_websocket_key(""));
  EXPECT_FALSE(is_websocket_key("dGhlIHNhbXBsZSBub25jZQ"));
  EXPECT_FALSE(is_websocket_key("dGhlIHNhbXBsZSBub25jZSE="));
  EXPECT_FALSE(is_websocket_key("dGhlIHNhbXBsZSBub25j!Q=="));
  EXPECT_FALSE(is_websocket_key(std::string(5000, 'A')));
}

}  // namespace
}  // namespace flowcast::http
