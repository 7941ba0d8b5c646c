#include "protocol/engine_packet.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace flowcast::protocol {
namespace {

using enum engine_packet_type;
using enum engine_revision;

TEST(engine_packet, reads_every_type_in_place) {
  const std::string_view texts[] = {R"(0{"sid":"x"})", "1", "2probe", "3probe",
                                    R"(42["a"])",      "5", "6"};
  int type = 0;
  for (const std::string_view text : texts) {
    const auto packet = decode_engine_text(text);
    ASSERT_TRUE(packet);
    EXPECT_EQ(static_cast<int>(packet->type), type++);
    EXPECT_FALSE(packet->binary);
    EXPECT_EQ(packet->data, text.substr(1));
    EXPECT_EQ(packet->data.data(), text.data() + 1);

    std::string written;
    append_engine_text(written, packet->type, packet->data);
    EXPECT_EQ(written, text);
  }
}

TEST(engine_packet, refuses_what_begins_with_no_type) {
  std::string buffer;
  for (const std::string_view text : {"", "7", "a", "/", ":", "\4", "é"}) {
    EXPECT_FALSE(decode_engine_text(text)) << text;
    EXPECT_FALSE(decode_engine_packet(text, three, buffer)) << text;
    EXPECT_FALSE(decode_engine_packet(text, four, buffer)) << text;
  }
}

TEST(engine_packet, reads_base64_by_the_revision) {
  std::string buffer;
  for (const auto& [revision, text] :
       {std::pair{four, "bAQIDBA=="}, std::pair{three, "b4AQIDBA=="}}) {
    const auto packet = decode_engine_packet(text, revision, buffer);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->type, message);
    EXPECT_TRUE(packet->binary);
    EXPECT_EQ(packet->data, "\x01\x02\x03\x04");
  }
  EXPECT_TRUE(decode_engine_packet("b", four, buffer)->data.empty());
}

TEST(engine_packet, refuses_malformed_base64) {
  std::string buffer;
  EXPECT_FALSE(decode_engine_packet("bAQ=D", four, buffer));
  EXPECT_FALSE(decode_engine_packet("b4AQ=D", three, buffer));
  EXPECT_FALSE(decode_engine_packet("bAQIDBA==", three, buffer));
  EXPECT_FALSE(decode_engine_packet("b", three, buffer));
}

TEST(engine_packet, reads_plain_text_without_touching_the_buffer) {
  std::string buffer = "untouched";
  EXPECT_EQ(decode_engine_packet("4x", four, buffer)->data, "x");
  EXPECT_EQ(buffer, "untouched");
}

TEST(engine_packet, carries_binary_messages_by_the_revision) {
  std::string written;
  append_engine_binary(written, three, "\x01\x02");
  EXPECT_EQ(written, "\x04\x01\x02");
  EXPECT_EQ(decode_engine_binary(written, three)->data, "\x01\x02");

  written.clear();
  append_engine_binary(written, four, "\x01\x02");
  EXPECT_EQ(written, "\x01\x02");
  EXPECT_EQ(decode_engine_binary(written, four)->data, "\x01\x02");
  EXPECT_TRUE(decode_engine_binary("", four)->binary);
}

TEST(engine_packet, refuses_binary_of_revision_three_that_is_no_message) {
  EXPECT_FALSE(decode_engine_binary("", three));
  EXPECT_FALSE(decode_engine_binary("\x02", three));
  EXPECT_FALSE(decode_engine_binary("4x", three));
}

}  // namespace
}  // namespace flowcast::protocol
