#include "records/error.hpp"

#include <gtest/gtest.h>

namespace flowcast::records {
namespace {

TEST(error, has_the_form_that_feathers_clients_know) {
  EXPECT_EQ(
      to_json({errc::not_found, "No record found for id '1'", {}, {}}),
      R"({"name":"NotFound","message":"No record found for id '1'","code":404,"className":"not-found"})");
}

TEST(error, carries_its_data) {
  EXPECT_EQ(
      to_json({errc::bad_request, "Invalid query parameter $foo", R"({"$foo":"1"})", {}}),
      R"({"name":"BadRequest","message":"Invalid query parameter $foo","code":400,"className":"bad-request","data":{"$foo":"1"}})");
}

TEST(error, escapes_what_came_from_a_client) {
  EXPECT_EQ(to_json({errc::bad_request, "a\"\n\xff", {}, {}}),
            "{\"name\":\"BadRequest\",\"message\":\"a\\\"\\n\xef\xbf\xbd\",\"code\":400,"
            "\"className\":\"bad-request\"}");
}

TEST(error, tells_which_calls_may_be_repeated) {
  EXPECT_TRUE(describe(errc::unavailable).retry);
  EXPECT_TRUE(describe(errc::insufficient_storage).retry);
  EXPECT_FALSE(describe(errc::bad_request).retry);
  EXPECT_EQ(describe(errc::insufficient_storage).http_status, 507);
  EXPECT_EQ(describe(errc::offset_gone).http_status, 410);
}

}  // namespace
}  // namespace flowcast::records
