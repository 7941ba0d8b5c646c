#include "protocol/frame_decoder.hpp"

#include <cstddef>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "protocol/frame_encoder.hpp"
#include "support/client_frames.hpp"
#include "support/frame_transcript.hpp"

namespace flowcast::protocol {
namespace {

using support::bytes_of;
using support::transcript;

constexpr std::size_t limit = 100'000;

TEST(frame_decoder, gives_a_message_in_place_and_holds_nothing) {
  std::string bytes = bytes_of({.payload = "hello"}) + bytes_of({.code = opcode::ping});
  std::span<char> input(bytes);
  std::string pending;
  frame_decoder decoder;
  EXPECT_TRUE(decoder.idle());

  const frame_event event = decoder.next(input, pending, limit);
  EXPECT_EQ(event.payload, "hello");
  EXPECT_EQ(event.payload.data(), bytes.data() + 6);
  EXPECT_EQ(decoder.next(input, pending, limit).kind, frame_event_kind::ping);
  EXPECT_EQ(decoder.next(input, pending, limit).kind, frame_event_kind::need_more);
  EXPECT_TRUE(input.empty());
  EXPECT_TRUE(pending.empty());
  EXPECT_EQ(pending.capacity(), std::string().capacity());
  EXPECT_TRUE(decoder.idle());
}

TEST(frame_decoder, holds_what_is_cut_until_its_event_is_done_with) {
  std::string bytes = bytes_of({.payload = "hello"});
  std::string pending;
  frame_decoder decoder;
  std::span<char> input = std::span<char>(bytes).first(8);
  EXPECT_EQ(decoder.next(input, pending, limit).kind, frame_event_kind::need_more);
  EXPECT_FALSE(decoder.idle());
  EXPECT_EQ(pending, "he");

  input = std::span<char>(bytes).subspan(8);
  const frame_event event = decoder.next(input, pending, limit);
  EXPECT_EQ(event.payload, "hello");
  EXPECT_FALSE(decoder.idle());
  EXPECT_EQ(decoder.next(input, pending, limit).kind, frame_event_kind::need_more);
  EXPECT_TRUE(decoder.idle());
  EXPECT_TRUE(pending.empty());
}

TEST(frame_decoder, holds_part_of_a_header_itself) {
  std::string bytes = bytes_of({.payload = "hello"});
  std::string pending;
  frame_decoder decoder;
  std::span<char> input = std::span<char>(bytes).first(3);
  EXPECT_EQ(decoder.next(input, pending, limit).kind, frame_event_kind::need_more);
  EXPECT_FALSE(decoder.idle());
  EXPECT_TRUE(pending.empty());
}

TEST(frame_decoder, takes_no_memory_for_a_length_that_is_only_claimed) {
  std::string bytes = bytes_of({.payload = "x", .claimed_length = limit});
  std::string pending;
  frame_decoder decoder;
  std::span<char> input(bytes);
  EXPECT_EQ(decoder.next(input, pending, limit).kind, frame_event_kind::need_more);
  EXPECT_LT(pending.capacity(), 100U);
}

TEST(frame_decoder, refuses_bad_text_as_soon_as_it_arrives) {
  std::string bytes = bytes_of({.payload = "good, then bad: \xff", .claimed_length = 1000});
  std::string pending;
  frame_decoder decoder;
  std::span<char> input(bytes);
  const frame_event event = decoder.next(input, pending, limit);
  EXPECT_EQ(event.kind, frame_event_kind::violation);
  EXPECT_EQ(event.code, close_code::invalid_data);
}

TEST(frame_decoder, gives_back_memory_after_the_end) {
  std::string bytes = bytes_of({.payload = "part", .final = false}) +
                      bytes_of({.payload = "x", .reserved_bits = 0x40});
  std::string pending;
  frame_decoder decoder;
  std::span<char> input(bytes);
  EXPECT_EQ(decoder.next(input, pending, limit).kind, frame_event_kind::violation);
  EXPECT_EQ(decoder.next(input, pending, limit).kind, frame_event_kind::need_more);
  EXPECT_TRUE(pending.empty());
  EXPECT_TRUE(decoder.idle());
}

TEST(frame_decoder, obeys_a_limit_that_was_lowered) {
  std::string bytes = bytes_of({.payload = "1234567890", .final = false});
  std::string pending;
  frame_decoder decoder;
  std::span<char> input(bytes);
  EXPECT_EQ(decoder.next(input, pending, 100).kind, frame_event_kind::need_more);
  std::string rest = bytes_of({.code = opcode::continuation});
  input = rest;
  EXPECT_EQ(decoder.next(input, pending, 5).code, close_code::too_big);
}

TEST(frame_decoder, refuses_masked_frames_where_a_server_sends) {
  std::string frames;
  append_frame(frames, opcode::text, "from the server");
  const std::string expected = "text:from the server";
  EXPECT_EQ(transcript(frames, limit, {}, masking::refused), std::vector<std::string>{expected});
  EXPECT_EQ(transcript(frames + bytes_of({.payload = "x"}), limit, {}, masking::refused),
            (std::vector<std::string>{expected, "violation 1002:a frame of the server is masked"}));
}

std::string random_frames(std::mt19937& random, std::vector<std::string>& outcome) {
  const auto below = [&random](unsigned bound) { return static_cast<unsigned>(random() % bound); };
  const auto text = [&below](unsigned longest) {
    std::string content;
    for (unsigned left = below(longest); left > 0; --left) {
      constexpr std::string_view pieces[] = {"a", "plain text ", "é", "€", "😀"};
      content += pieces[below(5)];
    }
    return content;
  };
  std::string bytes;
  for (unsigned messages = below(6) + 1; messages > 0; --messages) {
    const bool is_text = below(2) == 0;
    const std::string content = below(10) == 0 ? std::string(70'000, 'z') : text(60);
    std::string_view left = content;
    opcode code = is_text ? opcode::text : opcode::binary;
    bool final = false;
    while (!final) {
      final = below(3) != 0;
      const std::size_t size = final ? left.size() : below(static_cast<unsigned>(left.size() + 1));
      const auto mask_byte = [&below] { return static_cast<unsigned char>(below(256)); };
      support::append_client_frame(bytes,
                                   {.code = code,
                                    .payload = left.substr(0, size),
                                    .final = final,
                                    .mask = {mask_byte(), mask_byte(), mask_byte(), mask_byte()}});
      left.remove_prefix(size);
      code = opcode::continuation;
      if (below(3) == 0) {
        const std::string payload = text(8);
        support::append_client_frame(bytes, {.code = opcode::ping, .payload = payload});
        if (!final) {
          outcome.push_back("ping:" + payload);
        } else {
          outcome.push_back((is_text ? "text:" : "binary:") + content);
          outcome.push_back("ping:" + payload);
        }
      } else if (final) {
        outcome.push_back((is_text ? "text:" : "binary:") + content);
      }
    }
  }
  return bytes;
}

TEST(frame_decoder, reads_random_frames_cut_at_random) {
  std::mt19937 random(7);
  for (int i = 0; i < 1000; ++i) {
    std::vector<std::string> outcome;
    const std::string bytes = random_frames(random, outcome);
    std::vector<std::size_t> cuts;
    for (std::size_t at = 0; at < bytes.size();) {
      cuts.push_back(at);
      at += 1 + random() % (i % 2 == 0 ? 20 : bytes.size());
    }
    ASSERT_EQ(transcript(bytes, limit, cuts), outcome) << i;
  }
}

}  // namespace
}  // namespace flowcast::protocol
