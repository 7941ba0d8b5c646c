#include "protocol/attachments.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "protocol/json_scanner.hpp"

namespace flowcast::protocol {
namespace {

using attached = std::vector<std::string>;

json_value json(std::string_view text) {
  return scan_json(text).value;
}

std::string filled(std::string_view payload, const attached& attachments) {
  std::string out;
  EXPECT_EQ(append_with_attachments(out, json(payload), attachments, 10'000),
            attachment_fault::none);
  return out;
}

TEST(attachments, take_the_place_of_their_placeholders_as_node_writes_buffers) {
  EXPECT_EQ(filled(R"({"b":{"_placeholder":true,"num":0}})", {"\x01\x02\x03\x04"}),
            R"({"b":{"type":"Buffer","data":[1,2,3,4]}})");
  EXPECT_EQ(
      filled(R"([{"num":1,"_placeholder":true},[{"_placeholder":true,"num":0}]])", {"\xff", ""}),
      R"([{"type":"Buffer","data":[]},[{"type":"Buffer","data":[255]}]])");
}

TEST(attachments, leave_the_rest_of_the_payload_as_it_is) {
  const std::string_view payload =
      R"(["create",{"n":9007199254740993123,"s":"\u00e9","o":{},"a":[],"x":[1,null,{"y":true}]}])";
  EXPECT_EQ(filled(payload, {}), payload);
  EXPECT_EQ(filled(R"( { "a" : [ 1 , 2 ] } )", {}), R"({"a":[1,2]})");
}

TEST(attachments, are_not_wanted_by_what_only_looks_like_a_placeholder) {
  for (const std::string_view payload :
       {R"({"_placeholder":false,"num":0})", R"({"_placeholder":"true","num":0})", R"({"num":0})",
        R"({"_placeholder":1,"num":0})"}) {
    EXPECT_FALSE(placeholder_index(json(payload))) << payload;
    EXPECT_EQ(filled(payload, {"x"}), payload);
  }
}

TEST(attachments, are_refused_where_the_number_is_wrong) {
  for (const std::string_view payload :
       {R"({"_placeholder":true})", R"({"_placeholder":true,"num":1})",
        R"({"_placeholder":true,"num":-1})", R"({"_placeholder":true,"num":"0"})",
        R"({"_placeholder":true,"num":0.5})", R"({"_placeholder":true,"num":4294967295})",
        R"({"_placeholder":true,"num":4294967296})"}) {
    std::string out;
    EXPECT_EQ(append_with_attachments(out, json(payload), attached{"x"}, 10'000),
              attachment_fault::bad_placeholder)
        << payload;
  }
}

TEST(attachments, cannot_blow_up_a_payload_by_repetition) {
  std::string payload = "[0";
  for (int i = 0; i < 1000; ++i) {
    payload += R"(,{"_placeholder":true,"num":0})";
  }
  payload += "]";
  std::string out;
  EXPECT_EQ(append_with_attachments(out, json(payload), attached{std::string(1000, 'x')}, 50'000),
            attachment_fault::too_large);
  EXPECT_LE(out.size(), 50'000U);
}

TEST(attachments, count_every_byte_against_the_limit) {
  const std::string_view payload = R"(["a",{"b":[1,{}]}])";
  std::string out;
  EXPECT_EQ(append_with_attachments(out, json(payload), {}, payload.size()),
            attachment_fault::none);
  for (std::size_t limit = 0; limit < payload.size(); ++limit) {
    out.clear();
    EXPECT_EQ(append_with_attachments(out, json(payload), {}, limit), attachment_fault::too_large);
  }
}

}  // namespace
}  // namespace flowcast::protocol
