#include "http/body.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

namespace flowcast::http {
namespace {

using records::errc;

records::result<std::string> read(std::string type, std::string body, std::string coding = "") {
  request in;
  in.content_type = std::move(type);
  in.content_encoding = std::move(coding);
  in.body = std::move(body);
  return read_document_text(in, 1000);
}

constexpr int gzip = MAX_WBITS + 16;
constexpr int zlib = MAX_WBITS;

std::string compressed(std::string text, int format) {
  z_stream stream = {};
  EXPECT_EQ(::deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, format, 8, Z_DEFAULT_STRATEGY),
            Z_OK);
  std::string packed(::deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(::deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  ::deflateEnd(&stream);
  return packed;
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
  EXPECT_EQ(read("application/json", "x", "br").error().code, errc::unsupported_media_type);
  EXPECT_TRUE(read("application/json", "{}", "identity").has_value());
}

TEST(read_document_text, reads_what_is_compressed) {
  EXPECT_EQ(*read("application/json", compressed(R"({"text":"a"})", gzip), "gzip"),
            R"({"text":"a"})");
  EXPECT_EQ(*read("application/json", compressed("\xef\xbb\xbf{}", zlib), "Deflate"), "{}");
  EXPECT_EQ(*read("application/json", compressed("", gzip), "gzip"), "{}");
  EXPECT_EQ(*read("application/x-www-form-urlencoded", compressed("a=1", gzip), "gzip"),
            R"({"a":"1"})");
}

TEST(read_document_text, takes_no_more_than_its_limit_out_of_what_is_compressed) {
  EXPECT_EQ(read("application/json", compressed(std::string(1000, ' '), gzip), "gzip")->size(),
            1000U);
  for (const std::size_t size : {std::size_t{1001}, std::size_t{20'000'000}})
    EXPECT_EQ(
        read("application/json", compressed(std::string(size, ' '), gzip), "gzip").error().code,
        errc::payload_too_large);
}

TEST(read_document_text, refuses_what_is_not_compressed_as_it_says) {
  const std::string whole = compressed(R"({"text":"a"})", gzip);
  for (const std::string& broken :
       {std::string(), std::string("{}"), whole.substr(0, 20), compressed("{}", zlib)})
    EXPECT_EQ(read("application/json", broken, "gzip").error().code, errc::bad_request);
}

}  // namespace
}  // namespace flowcast::http
