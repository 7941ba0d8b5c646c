#include "protocol/jsonp.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace flowcast::protocol {
namespace {

std::string script(std::string_view index, std::string_view payload) {
  std::string out;
  append_jsonp(out, index, payload);
  return out;
}

TEST(jsonp, answers_with_a_script_as_captured) {
  EXPECT_EQ(script("0", R"(96:0{"sid":"aiE1AqnG51ncjPtsAAAC","upgrades":["websocket"],)"
                        R"("pingInterval":25000,"pingTimeout":5000})"),
            R"(___eio[0]("96:0{\"sid\":\"aiE1AqnG51ncjPtsAAAC\",\"upgrades\":[\"websocket\"],)"
            R"(\"pingInterval\":25000,\"pingTimeout\":5000}");)");
}

TEST(jsonp, lets_no_script_in_by_the_index) {
  EXPECT_EQ(script("1];alert(2)//", "6"), R"(___eio[12]("6");)");
  EXPECT_EQ(script("", "6"), R"(___eio[]("6");)");
}

TEST(jsonp, escapes_what_older_javascript_takes_for_line_ends) {
  EXPECT_EQ(script("3", "4\u2028\u2029é\u2028"), R"(___eio[3]("4\u2028\u2029é\u2028");)");
  EXPECT_EQ(script("3", "4\n</script>\x1e"), R"(___eio[3]("4\n</script>\u001e");)");
}

TEST(jsonp, finds_the_payload_in_a_form) {
  EXPECT_EQ(payload_of_form("d=2%3A40"), "2:40");
  EXPECT_EQ(payload_of_form("x=1&d=40&y=2"), "40");
  EXPECT_EQ(payload_of_form("d="), "");
  EXPECT_EQ(payload_of_form("d=a+b%20c%C3%a9"), "a b cé");
}

TEST(jsonp, finds_nothing_where_no_payload_is) {
  for (const char* body : {"", "&", "d", "dd=1", "x=d=1", "2:40", "D=1"}) {
    EXPECT_FALSE(payload_of_form(body)) << body;
  }
}

TEST(jsonp, takes_a_percent_sign_that_begins_no_byte_for_itself) {
  EXPECT_EQ(payload_of_form("d=%"), "%");
  EXPECT_EQ(payload_of_form("d=%4"), "%4");
  EXPECT_EQ(payload_of_form("d=%zz%34"), "%zz4");
}

TEST(jsonp, restores_line_feeds_as_clients_write_them) {
  EXPECT_EQ(payload_of_form(R"(d=a\nb)"), "a\nb");
  EXPECT_EQ(payload_of_form(R"(d=a\\nb)"), R"(a\nb)");
  EXPECT_EQ(payload_of_form(R"(d=a\\\nb)"), R"(a\\nb)");
  EXPECT_EQ(payload_of_form(R"(d=a\\b\)"), R"(a\\b\)");
  EXPECT_EQ(payload_of_form("d=4%5C%5Cn"), R"(4\n)");
}

}  // namespace
}  // namespace flowcast::protocol
