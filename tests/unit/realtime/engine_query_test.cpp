#include "realtime/engine_query.hpp"

#include <gtest/gtest.h>

namespace flowcast::realtime {
namespace {

TEST(engine_query, reads_what_clients_send) {
  const auto query = engine_query::parse("EIO=4&transport=polling&t=Pabc&sid=abc&b64=1&j=3");
  EXPECT_EQ(query.revision, protocol::engine_revision::four);
  EXPECT_EQ(query.transport, transport_kind::polling);
  EXPECT_TRUE(query.has_sid);
  EXPECT_EQ(query.sid, "abc");
  EXPECT_TRUE(query.base64);
  EXPECT_EQ(query.jsonp, "3");
}

TEST(engine_query, knows_no_revision_but_3_and_4) {
  for (const char* const value : {"", "2", "5", "34", "abc", "4 "}) {
    EXPECT_FALSE(engine_query::parse(std::string("transport=polling&EIO=") + value).revision)
        << value;
  }
  EXPECT_EQ(engine_query::parse("EIO=3").revision, protocol::engine_revision::three);
}

TEST(engine_query, takes_digits_alone_for_the_index_of_a_callback) {
  EXPECT_FALSE(engine_query::parse("j=alert(1)").jsonp);
  EXPECT_FALSE(engine_query::parse("j=1234567890").jsonp);
  EXPECT_EQ(engine_query::parse("j=0").jsonp, "0");
}

TEST(engine_query, tells_an_empty_session_from_none) {
  EXPECT_TRUE(engine_query::parse("sid=").has_sid);
  EXPECT_FALSE(engine_query::parse("sidx=1").has_sid);
}

TEST(engine_error, is_the_json_that_clients_know) {
  EXPECT_EQ(to_json(engine_error::session_unknown), R"({"code":1,"message":"Session ID unknown"})");
  EXPECT_EQ(to_json(engine_error::unsupported_version),
            R"({"code":5,"message":"Unsupported protocol version"})");
}

}  // namespace
}  // namespace flowcast::realtime
