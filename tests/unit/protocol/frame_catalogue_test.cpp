// What a websocket server must do with what a client may send, case by case, in the order of the
// Autobahn test suite: framing, pings, reserved bits, opcodes, fragmentation, UTF-8, closing,
// limits. Each case is tried whole, cut at every byte, and a byte at a time.

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "support/client_frames.hpp"
#include "support/frame_transcript.hpp"

namespace flowcast::protocol {
namespace {

using enum opcode;
using support::bytes_of;
using support::close_body;
using support::every_cut;
using support::transcript;

constexpr std::size_t limit = 1000;

struct exchange {
  std::string name;
  std::string bytes;
  std::vector<std::string> outcome;
};

std::ostream& operator<<(std::ostream& out, const exchange& tried) {
  return out << tried.name;
}

bool is_last_word(const std::vector<std::string>& outcome) {
  return !outcome.empty() &&
         (outcome.back().starts_with("violation") || outcome.back().starts_with("close"));
}

class frame_catalogue : public testing::TestWithParam<exchange> {};

TEST_P(frame_catalogue, has_the_same_outcome_however_the_bytes_are_cut) {
  const auto& [name, bytes, outcome] = GetParam();
  ASSERT_EQ(transcript(bytes, limit), outcome);
  ASSERT_EQ(transcript(bytes, limit, every_cut(bytes)), outcome);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    ASSERT_EQ(transcript(bytes, limit, {cut}), outcome) << "cut at " << cut;
  }
  if (is_last_word(outcome)) {
    ASSERT_EQ(transcript(bytes + bytes_of({.payload = "more"}), limit), outcome);
  }
}

void add_all(std::vector<exchange>& to, const std::vector<exchange>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

std::string text_of(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    text += static_cast<char>('a' + i % 26);
  }
  return text;
}

std::vector<exchange> framing() {
  std::vector<exchange> all;
  for (const std::size_t size : {0U, 1U, 7U, 8U, 9U, 125U, 126U, 127U, 128U, 999U, 1000U}) {
    const std::string text = text_of(size);
    all.push_back(
        {"text_of_" + std::to_string(size), bytes_of({.payload = text}), {"text:" + text}});
    all.push_back({"binary_of_" + std::to_string(size),
                   bytes_of({.code = binary, .payload = text}),
                   {"binary:" + text}});
  }
  const std::string every_mask = bytes_of({.payload = "zero mask", .mask = {0, 0, 0, 0}}) +
                                 bytes_of({.payload = "ones mask", .mask = {255, 255, 255, 255}}) +
                                 bytes_of({.payload = "other", .mask = {1, 0, 254, 128}});
  add_all(all, {{"masks", every_mask, {"text:zero mask", "text:ones mask", "text:other"}},
                {"rfc_example", "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", {"text:Hello"}},
                {"two_messages",
                 bytes_of({.payload = "one"}) + bytes_of({.code = binary, .payload = "two"}),
                 {"text:one", "binary:two"}},
                {"unmasked",
                 bytes_of({.payload = "x", .masked = false}),
                 {"violation 1002:a frame of the client is not masked"}},
                {"unmasked_ping",
                 bytes_of({.code = ping, .masked = false}),
                 {"violation 1002:a frame of the client is not masked"}},
                {"unmasked_after_a_message",
                 bytes_of({.payload = "good"}) + bytes_of({.payload = "x", .masked = false}),
                 {"text:good", "violation 1002:a frame of the client is not masked"}},
                {"length_of_125_in_two_bytes",
                 bytes_of({.payload = text_of(125), .length_bytes = 2}),
                 {"violation 1002:a frame's length is not in its shortest form"}},
                {"length_of_0_in_two_bytes",
                 bytes_of({.length_bytes = 2}),
                 {"violation 1002:a frame's length is not in its shortest form"}},
                {"length_of_126_in_eight_bytes",
                 bytes_of({.payload = text_of(126), .length_bytes = 8}),
                 {"violation 1002:a frame's length is not in its shortest form"}},
                {"length_of_65535_in_eight_bytes",
                 bytes_of({.length_bytes = 8, .claimed_length = 65535}),
                 {"violation 1002:a frame's length is not in its shortest form"}},
                {"length_with_the_highest_bit",
                 bytes_of({.length_bytes = 8, .claimed_length = 1ULL << 63U}),
                 {"violation 1002:a frame's length is not in its shortest form"}}});
  return all;
}

std::vector<exchange> pings() {
  const std::string longest = text_of(125);
  const std::string binary_payload = "\xff\xfe\xfd\xfc\xfb";
  std::vector<exchange> all = {
      {"ping_without_payload", bytes_of({.code = ping}), {"ping:"}},
      {"ping_with_payload", bytes_of({.code = ping, .payload = "hello"}), {"ping:hello"}},
      {"ping_with_binary_payload",
       bytes_of({.code = ping, .payload = binary_payload}),
       {"ping:" + binary_payload}},
      {"ping_of_125", bytes_of({.code = ping, .payload = longest}), {"ping:" + longest}},
      {"ping_of_126",
       bytes_of({.code = ping, .payload = text_of(126)}),
       {"violation 1002:a control frame is too long"}},
      {"pong_of_126",
       bytes_of({.code = pong, .payload = text_of(126)}),
       {"violation 1002:a control frame is too long"}},
      {"ping_that_claims_eight_bytes_of_length",
       bytes_of({.code = ping, .length_bytes = 8, .claimed_length = 1}),
       {"violation 1002:a control frame is too long"}},
      {"unsolicited_pong", bytes_of({.code = pong}), {"pong:"}},
      {"unsolicited_pong_with_payload", bytes_of({.code = pong, .payload = "x"}), {"pong:x"}},
      {"pong_then_ping",
       bytes_of({.code = pong, .payload = "a"}) + bytes_of({.code = ping, .payload = "b"}),
       {"pong:a", "ping:b"}}};
  exchange ten{"ten_pings", {}, {}};
  for (int i = 0; i < 10; ++i) {
    const std::string payload = "payload-" + std::to_string(i);
    ten.bytes += bytes_of({.code = ping, .payload = payload});
    ten.outcome.push_back("ping:" + payload);
  }
  all.push_back(ten);
  return all;
}

std::vector<exchange> reserved() {
  std::vector<exchange> all;
  for (unsigned bits = 0x10; bits <= 0x70; bits += 0x10) {
    const auto reserved_bits = static_cast<std::uint8_t>(bits);
    for (const opcode code : {text, binary, ping, close}) {
      all.push_back({"reserved_bits_" + std::to_string(bits >> 4U) + "_with_opcode_" +
                         std::to_string(static_cast<int>(code)),
                     bytes_of({.payload = "good"}) +
                         bytes_of({.code = code, .payload = "xx", .reserved_bits = reserved_bits}),
                     {"text:good", "violation 1002:reserved bits are set"}});
    }
  }
  for (const unsigned code : {3U, 4U, 5U, 6U, 7U, 11U, 12U, 13U, 14U, 15U}) {
    all.push_back({"unknown_opcode_" + std::to_string(code),
                   bytes_of({.code = static_cast<opcode>(code)}) + bytes_of({.code = ping}),
                   {"violation 1002:unknown opcode"}});
    all.push_back({"unknown_opcode_" + std::to_string(code) + "_with_payload",
                   bytes_of({.payload = "good"}) +
                       bytes_of({.code = static_cast<opcode>(code), .payload = "xx"}),
                   {"text:good", "violation 1002:unknown opcode"}});
  }
  return all;
}

std::vector<exchange> fragmentation() {
  const auto first = [](std::string_view payload) {
    return bytes_of({.payload = payload, .final = false});
  };
  const auto middle = [](std::string_view payload) {
    return bytes_of({.code = continuation, .payload = payload, .final = false});
  };
  const auto last = [](std::string_view payload) {
    return bytes_of({.code = continuation, .payload = payload});
  };
  const std::string a_ping = bytes_of({.code = ping, .payload = "ping"});
  return {
      {"fragmented_ping",
       bytes_of({.code = ping, .payload = "x", .final = false}) + last("y"),
       {"violation 1002:a control frame is fragmented"}},
      {"fragmented_pong",
       bytes_of({.code = pong, .payload = "x", .final = false}) + last("y"),
       {"violation 1002:a control frame is fragmented"}},
      {"fragmented_close",
       bytes_of({.code = close, .final = false}),
       {"violation 1002:a control frame is fragmented"}},
      {"two_fragments", first("frag") + last("mented"), {"text:fragmented"}},
      {"two_binary_fragments",
       bytes_of({.code = binary, .payload = "\xff", .final = false}) + last("\xfe"),
       {"binary:\xff\xfe"}},
      {"three_fragments", first("a") + middle("b") + last("c"), {"text:abc"}},
      {"empty_fragments", first("") + middle("") + last(""), {"text:"}},
      {"empty_around_full", first("") + middle("middle") + last(""), {"text:middle"}},
      {"full_then_empty", first("x") + last(""), {"text:x"}},
      {"ping_between_fragments", first("a") + a_ping + last("b"), {"ping:ping", "text:ab"}},
      {"pings_between_many_fragments",
       first("a") + a_ping + middle("b") + a_ping + a_ping + middle("") + a_ping + last("c"),
       {"ping:ping", "ping:ping", "ping:ping", "ping:ping", "text:abc"}},
      {"pong_between_fragments",
       first("a") + bytes_of({.code = pong, .payload = text_of(125)}) + last("b"),
       {"pong:" + text_of(125), "text:ab"}},
      {"empty_ping_between_fragments",
       first("a") + bytes_of({.code = ping}) + last("b"),
       {"ping:", "text:ab"}},
      {"close_between_fragments",
       first("a") + bytes_of({.code = close, .payload = close_body(1000, "enough")}) + last("b"),
       {"close 1000:enough"}},
      {"continuation_without_a_beginning", last("x"), {"violation 1002:nothing to continue"}},
      {"unfinished_continuation_without_a_beginning",
       middle("x") + bytes_of({.payload = "good"}),
       {"violation 1002:nothing to continue"}},
      {"continuation_after_a_whole_message",
       bytes_of({.payload = "good"}) + last("x"),
       {"text:good", "violation 1002:nothing to continue"}},
      {"continuation_after_a_fragmented_message",
       first("a") + last("b") + last("c"),
       {"text:ab", "violation 1002:nothing to continue"}},
      {"text_within_a_message",
       first("a") + bytes_of({.payload = "b"}),
       {"violation 1002:a message begins within another"}},
      {"binary_within_a_message",
       first("a") + bytes_of({.code = binary, .payload = "b"}),
       {"violation 1002:a message begins within another"}},
      {"fragment_within_a_message",
       first("a") + first("b"),
       {"violation 1002:a message begins within another"}},
      {"messages_after_fragmented_ones",
       first("a") + last("b") + bytes_of({.payload = "c"}) + first("d") + last("e"),
       {"text:ab", "text:c", "text:de"}},
      {"unfinished_message", first("a") + middle("b"), {}},
      {"unfinished_frame", bytes_of({.payload = "only part", .claimed_length = 100}), {}},
      {"unfinished_header", bytes_of({.payload = text_of(200)}).substr(0, 5), {}},
  };
}

std::vector<exchange> utf8() {
  const std::string greek = "κόσμε";
  const std::string astral = "a€😀\xf4\x8f\xbf\xbf";
  std::vector<exchange> all = {
      {"utf8_text", bytes_of({.payload = greek}), {"text:" + greek}},
      {"utf8_astral", bytes_of({.payload = astral}), {"text:" + astral}},
      {"utf8_noncharacter", bytes_of({.payload = "\xef\xbf\xbf"}), {"text:\xef\xbf\xbf"}},
      {"utf8_nul", bytes_of({.payload = std::string_view("\0", 1)}), {std::string("text:\0", 6)}},
      {"binary_is_not_checked",
       bytes_of({.code = binary, .payload = "\xff\xc0"}),
       {"binary:\xff\xc0"}},
      {"ping_is_not_checked", bytes_of({.code = ping, .payload = "\xff"}), {"ping:\xff"}},
      {"bad_text_after_good",
       bytes_of({.payload = "good"}) + bytes_of({.payload = "\xff"}),
       {"text:good", "violation 1007:text is not UTF-8"}},
      {"bad_text_before_the_frame_is_whole",
       bytes_of({.payload = "bad \xed\xa0\x80", .claimed_length = 900}),
       {"violation 1007:text is not UTF-8"}},
      {"bad_text_before_the_message_is_whole",
       bytes_of({.payload = "good", .final = false}) +
           bytes_of({.code = continuation, .payload = "\x80", .final = false}),
       {"violation 1007:text is not UTF-8"}},
      {"bad_continuation_of_a_cut_character",
       bytes_of({.payload = "\xe2\x82", .final = false}) +
           bytes_of({.code = continuation, .payload = "x"}),
       {"violation 1007:text is not UTF-8"}},
      {"character_cut_by_a_ping",
       bytes_of({.payload = "\xe2\x82", .final = false}) +
           bytes_of({.code = ping, .payload = "\xff"}) +
           bytes_of({.code = continuation, .payload = "\xac"}),
       {"ping:\xff", "text:€"}},
      {"text_after_an_unfinished_character",
       bytes_of({.payload = "\xe2\x82"}) + bytes_of({.payload = "\xac"}),
       {"violation 1007:text ends within a character"}},
      {"fragments_that_end_within_a_character",
       bytes_of({.payload = "a", .final = false}) +
           bytes_of({.code = continuation, .payload = "\xf0\x9f\x98"}),
       {"violation 1007:text ends within a character"}},
  };
  for (std::size_t cut = 0; cut <= astral.size(); ++cut) {
    all.push_back({"utf8_fragmented_at_" + std::to_string(cut),
                   bytes_of({.payload = astral.substr(0, cut), .final = false}) +
                       bytes_of({.code = continuation, .payload = astral.substr(cut)}),
                   {"text:" + astral}});
  }
  for (const std::string_view bad : {"\x80",
                                     "\xbf",
                                     "\xfe",
                                     "\xff",
                                     "\xc0\xaf",
                                     "\xc1\xbf",
                                     "\xe0\x80\xaf",
                                     "\xe0\x9f\xbf",
                                     "\xf0\x80\x80\xaf",
                                     "\xf0\x8f\xbf\xbf",
                                     "\xf8\x88\x80\x80\x80",
                                     "\xfc\x84\x80\x80\x80\x80",
                                     "\xed\xa0\x80",
                                     "\xed\xad\xbf",
                                     "\xed\xb0\x80",
                                     "\xed\xbf\xbf",
                                     "\xed\xa0\x80\xed\xb0\x80",
                                     "\xf4\x90\x80\x80",
                                     "\xf5\x80\x80\x80",
                                     "\xc3\x28",
                                     "\xe2\x28\xa1",
                                     "\xe2\x82\x28",
                                     "\xf0\x28\x8c\xbc",
                                     "\xf0\x90\x28\xbc",
                                     "\xf0\x90\x8c\x28"}) {
    std::string name = "not_utf8";
    for (const char c : bad) {
      name += '_' + std::to_string(static_cast<unsigned char>(c));
    }
    all.push_back({name,
                   bytes_of({.payload = greek + std::string(bad) + "edited"}),
                   {"violation 1007:text is not UTF-8"}});
  }
  return all;
}

std::vector<exchange> closing() {
  const auto closed = [](std::string_view payload) {
    return bytes_of({.code = close, .payload = payload});
  };
  std::vector<exchange> all = {
      {"close_without_body", closed(""), {"close 1005:"}},
      {"close_after_a_message", bytes_of({.payload = "x"}) + closed(""), {"text:x", "close 1005:"}},
      {"close_with_half_a_code", closed("\x03"), {"violation 1002:half a close code"}},
      {"close_with_a_reason", closed(close_body(1000, "Bye €")), {"close 1000:Bye €"}},
      {"close_with_the_longest_reason",
       closed(close_body(1000, text_of(123))),
       {"close 1000:" + text_of(123)}},
      {"close_with_a_reason_too_long",
       closed(close_body(1000, text_of(124))),
       {"violation 1002:a control frame is too long"}},
      {"close_with_a_bad_reason",
       closed(close_body(1000, "\xce\xba\xed\xa0\x80")),
       {"violation 1007:the reason of a close frame is not UTF-8"}},
      {"close_with_a_cut_reason",
       closed(close_body(1000, "\xe2\x82")),
       {"violation 1007:the reason of a close frame is not UTF-8"}},
      {"two_closes", closed("") + closed(""), {"close 1005:"}},
      {"ping_after_close", closed("") + bytes_of({.code = ping}), {"close 1005:"}},
      {"text_after_close", closed("") + bytes_of({.payload = "x"}), {"close 1005:"}},
      {"rubbish_after_close", closed("") + "rubbish", {"close 1005:"}},
  };
  for (const unsigned code : {1000U, 1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U, 1012U,
                              1013U, 1014U, 3000U, 3999U, 4000U, 4999U}) {
    all.push_back({"close_code_" + std::to_string(code),
                   closed(close_body(code)),
                   {"close " + std::to_string(code) + ":"}});
  }
  for (const unsigned code :
       {0U, 1U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 1100U, 2000U, 2999U, 5000U, 65535U}) {
    all.push_back({"close_code_" + std::to_string(code) + "_is_not_sent",
                   closed(close_body(code, "x")),
                   {"violation 1002:a close code that may not be sent"}});
  }
  return all;
}

std::vector<exchange> limits() {
  const std::string most = text_of(limit);
  return {
      {"message_of_the_limit", bytes_of({.payload = most}), {"text:" + most}},
      {"message_beyond_the_limit",
       bytes_of({.payload = most + "x"}),
       {"violation 1009:the message is too big"}},
      {"header_beyond_the_limit",
       bytes_of({.claimed_length = limit + 1}),
       {"violation 1009:the message is too big"}},
      {"header_of_65536",
       bytes_of({.claimed_length = 65536}),
       {"violation 1009:the message is too big"}},
      {"header_of_2_to_the_63_minus_1",
       bytes_of({.code = binary, .claimed_length = (1ULL << 63U) - 1}),
       {"violation 1009:the message is too big"}},
      {"fragments_of_the_limit",
       bytes_of({.payload = most.substr(0, 600), .final = false}) +
           bytes_of({.code = continuation, .payload = most.substr(600)}),
       {"text:" + most}},
      {"fragments_beyond_the_limit",
       bytes_of({.payload = most, .final = false}) +
           bytes_of({.code = continuation, .payload = "x"}),
       {"violation 1009:the message is too big"}},
      {"ping_within_a_message_of_the_limit",
       bytes_of({.payload = most, .final = false}) +
           bytes_of({.code = ping, .payload = text_of(125)}) + bytes_of({.code = continuation}),
       {"ping:" + text_of(125), "text:" + most}},
  };
}

std::vector<exchange> catalogue() {
  std::vector<exchange> all;
  for (const auto& chapter :
       {framing(), pings(), reserved(), fragmentation(), utf8(), closing(), limits()}) {
    add_all(all, chapter);
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(all, frame_catalogue, testing::ValuesIn(catalogue()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace flowcast::protocol
