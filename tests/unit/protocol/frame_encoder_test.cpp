#include "protocol/frame_encoder.hpp"

#include <span>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "protocol/frame_decoder.hpp"
#include "protocol/utf8.hpp"

namespace flowcast::protocol {
namespace {

using namespace std::string_literals;

TEST(frame_encoder, writes_the_examples_of_rfc_6455) {
  std::string out;
  append_frame(out, opcode::text, "Hello");
  EXPECT_EQ(out, "\x81\x05Hello");
  out.clear();
  append_frame(out, opcode::ping, "Hello");
  EXPECT_EQ(out, "\x89\x05Hello");
  EXPECT_EQ(frame_header(opcode::binary, 256).bytes(), "\x82\x7e\x01\x00"s);
  EXPECT_EQ(frame_header(opcode::binary, 65536).bytes(),
            "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s);
}

TEST(frame_encoder, writes_lengths_in_their_shortest_form) {
  EXPECT_EQ(frame_header(opcode::text, 0).bytes(), "\x81\x00"s);
  EXPECT_EQ(frame_header(opcode::text, 125).bytes(), "\x81\x7d"s);
  EXPECT_EQ(frame_header(opcode::text, 126).bytes(), "\x81\x7e\x00\x7e"s);
  EXPECT_EQ(frame_header(opcode::text, 65535).bytes(), "\x81\x7e\xff\xff"s);
}

TEST(frame_encoder, writes_close_frames) {
  std::string out;
  append_close_frame(out, close_code::none_given);
  EXPECT_EQ(out, "\x88\x00"s);
  out.clear();
  append_close_frame(out, close_code::normal);
  EXPECT_EQ(out, "\x88\x02\x03\xe8"s);
  out.clear();
  append_close_frame(out, close_code::going_away, "bye");
  EXPECT_EQ(out, "\x88\x05\x03\xe9"s + "bye");
}

TEST(frame_encoder, cuts_a_long_reason_after_a_whole_character) {
  for (const std::string_view character : {"a", "é", "€", "😀"}) {
    for (std::size_t lead = 0; lead < 4; ++lead) {
      std::string reason(lead, '.');
      while (reason.size() < 200) {
        reason += character;
      }
      std::string out;
      append_close_frame(out, close_code::policy_violation, reason);
      const std::string_view sent = std::string_view(out).substr(4);
      EXPECT_LE(sent.size(), 123U);
      EXPECT_GT(sent.size() + character.size(), 123U);
      EXPECT_TRUE(is_utf8(sent));
      EXPECT_TRUE(reason.starts_with(sent));
    }
  }
}

TEST(frame_encoder, is_read_back_by_a_client) {
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65535U, 65536U, 100000U}) {
    const std::string payload(size, 'x');
    std::string out;
    append_frame(out, opcode::text, payload);
    append_frame(out, opcode::binary, payload);
    append_close_frame(out, close_code::service_restart, "come back");

    frame_decoder decoder(masking::refused);
    std::span<char> input(out);
    std::string pending;
    frame_event event = decoder.next(input, pending, size);
    EXPECT_EQ(event.kind, frame_event_kind::text);
    EXPECT_EQ(event.payload, payload);
    event = decoder.next(input, pending, size);
    EXPECT_EQ(event.kind, frame_event_kind::binary);
    EXPECT_EQ(event.payload, payload);
    event = decoder.next(input, pending, size);
    EXPECT_EQ(event.kind, frame_event_kind::close);
    EXPECT_EQ(event.code, close_code::service_restart);
    EXPECT_EQ(event.payload, "come back");
  }
}

}  // namespace
}  // namespace flowcast::protocol
