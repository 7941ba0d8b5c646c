#include "protocol/json_writer.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "protocol/json_scanner.hpp"

namespace flowcast::protocol {
namespace {

std::string written(std::string_view content) {
  std::string out;
  append_json_string(out, content);
  return out;
}

TEST(json_writer, escapes_as_json_stringify_does) {
  EXPECT_EQ(written(""), R"("")");
  EXPECT_EQ(written("plain/text'"), R"("plain/text'")");
  EXPECT_EQ(written("\"\\"), R"("\"\\")");
  EXPECT_EQ(written("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(written(std::string_view("\0\x1f\x7f", 3)), "\"\\u0000\\u001f\x7f\"");
  EXPECT_EQ(written("é € 😀 \u2028"), "\"é € 😀 \u2028\"");
}

TEST(json_writer, appends) {
  std::string out = "[";
  append_json_string(out, "a");
  EXPECT_EQ(out, R"(["a")");
}

TEST(json_writer, replaces_what_is_not_utf8) {
  EXPECT_EQ(written("a\xff\xfe"
                    "b"),
            "\"a\ufffd\ufffdb\"");
  EXPECT_EQ(written("\xe2\x82"), "\"\ufffd\ufffd\"");
  EXPECT_EQ(written("\xc3\xa9\x80"), "\"é\ufffd\"");
}

TEST(json_writer, agrees_with_the_oracle_and_reads_back) {
  for (int first = 0; first < 0x80; ++first) {
    for (int second = 0; second < 0x80; ++second) {
      const std::string content = {static_cast<char>(first), 'x', static_cast<char>(second)};
      const std::string text = written(content);
      ASSERT_EQ(text, nlohmann::json(content).dump());
      std::string buffer;
      ASSERT_EQ(scan_json(text).value.string(buffer), content);
    }
  }
}

}  // namespace
}  // namespace flowcast::protocol
