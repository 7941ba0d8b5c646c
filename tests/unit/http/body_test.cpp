#include "http/body.hpp"

#include <gtest/gtest.h>

namespace flowcast::http {
namespace {

using records::errc;

records::result<std::string> read(std::string type, std::string body, std::string coding = "") {
  request in;
  in.content_type = std::move(type);
  in.content_encoding = std::move(coding);
  in.body = std::move(body);
  return read_document_text(in);
}

TEST(read_document_text, gives_json_as_it_came) {
  for (const char* type :
       {"application/json", "Application/JSON", "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"", " application/json ; x=y"})
    EXPECT_EQ(*read(type, R"({"a": 1})"), R"({"a": 1})") << type;
}

TEST(read_document_text, takes_no_body_for_an_empty_object) {
  EXPECT_EQ(*read("", ""), "{}");
  EXPECT_EQ(*read("application/json", ""), "{}");
}

TEST(read_document_text, skips_a_byte_order_mark) {
  EXPECT_EQ(*read("application/json", "\xef\xbb\xbf{}"), "{}");
}

TEST(read_document_text, reads_a_form_as_express_does) {
  EXPECT_EQ(*read("application/x-www-form-urlencoded", "text=form&x[y]=1"),
            R"({"text":"form","x":{"y":"1"}})");
}

TEST(read_document_text, refuses_other_types_and_says_what_to_send) {
  for (const char* type : {"text/plain", "application/xml", "application/jsonp", "json", ";"}) {
    const auto refused = read(type, "{}");
    ASSERT_TRUE(refused.has_error()) << type;
    EXPECT_EQ(refused.error().code, errc::unsupported_media_type);
    EXPECT_NE(refused.error().message.find("send Content-Type: application/json"),
              std::string::npos);
  }
  EXPECT_EQ(read("", "{}").error().code, errc::unsupported_media_type);
}

TEST(read_document_text, refuses_other_charsets_and_codings) {
  EXPECT_EQ(read("application/json; charset=iso-8859-1", "{}").error().message,
            R"(unsupported charset "ISO-8859-1")");
  EXPECT_EQ(read("application/json", "x", "gzip").error().code, errc::unsupported_media_type);
  EXPECT_TRUE(read("application/json", "{}", "identity").has_value());
}

}  // namespace
}  // namespace flowcast::http
