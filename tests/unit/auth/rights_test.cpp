#include "auth/rights.hpp"

#include <gtest/gtest.h>

#include "protocol/json_scanner.hpp"

namespace flowcast::auth {
namespace {

records::result<rights> read(std::string_view json) {
  return rights::read(protocol::scan_json(json).value);
}

TEST(rights, are_given_by_service_and_key) {
  const rights made =
      read(
          R"({"publish":{"orders":["order-*",9007199254740993]},"subscribe":{"*":["*"],"secret":[]}})")
          .value();
  EXPECT_TRUE(made.publish("orders")->matches("order-1"));
  EXPECT_TRUE(made.publish("orders")->matches("9007199254740993"));
  EXPECT_FALSE(made.publish("orders")->matches("9007199254740992"));
  EXPECT_TRUE(made.publish("microflow")->is_none());
  EXPECT_TRUE(made.subscribe("microflow")->is_all());
  EXPECT_TRUE(made.subscribe("secret")->is_none());
}

TEST(rights, have_short_forms) {
  EXPECT_TRUE(read("true")->publish("any")->is_all());
  EXPECT_TRUE(read("false")->subscribe("any")->is_none());
  EXPECT_TRUE(read(R"({"publish":true})")->publish("any")->is_all());
  EXPECT_TRUE(read(R"({"publish":true})")->subscribe("any")->is_none());
  EXPECT_TRUE(read(R"({"publish":["orders"]})")->publish("orders")->is_all());
  EXPECT_TRUE(read(R"({"publish":["orders"]})")->publish("other")->is_none());
}

TEST(rights, to_observe_are_given_by_themselves) {
  EXPECT_TRUE(read(R"({"observe":true})")->observe());
  EXPECT_TRUE(read(R"({"observe":true})")->subscribe("any")->is_none());
  EXPECT_FALSE(read(R"({"observe":false})")->observe());
  EXPECT_FALSE(read(R"({"publish":true,"subscribe":true})")->observe());
  EXPECT_TRUE(read("true")->observe());
  EXPECT_FALSE(rights::to_subscribe().observe());
  EXPECT_FALSE(rights::to_publish().observe());
  EXPECT_TRUE(rights::to_observe().observe());
}

TEST(rights, of_another_shape_are_refused) {
  for (const char* odd : {"1", "\"all\"", "[]", "null", R"({"publish":1})", R"({"publish":[1]})",
                          R"({"publish":{"a":"b"}})", R"({"publish":{"a":[{}]}})",
                          R"({"publish":{"a":[""]}})", R"({"subscribe":null})", R"({"observe":1})"})
    EXPECT_FALSE(read(odd)) << odd;
}

}  // namespace
}  // namespace flowcast::auth
