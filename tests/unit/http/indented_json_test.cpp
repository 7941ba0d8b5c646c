#include "http/indented_json.hpp"

#include <gtest/gtest.h>

namespace flowcast::http {
namespace {

TEST(indented_json, puts_a_member_a_line) {
  EXPECT_EQ(indented_json(R"({"a":1,"b":[true,null],"c":{"d":"e"}})"),
            "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null\n  ],\n  \"c\": {\n    \"d\": \"e\"\n"
            "  }\n}\n");
}

TEST(indented_json, leaves_empty_ones_and_strings_alone) {
  EXPECT_EQ(indented_json("[]"), "[]\n");
  EXPECT_EQ(indented_json(R"({"a":{},"b":"{\"x\":[1,2]}"})"),
            "{\n  \"a\": {},\n  \"b\": \"{\\\"x\\\":[1,2]}\"\n}\n");
  EXPECT_EQ(indented_json(R"("a\\")"), "\"a\\\\\"\n");
}

}  // namespace
}  // namespace flowcast::http
