#include "protocol/polling_payload.hpp"

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace flowcast::protocol {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using enum payload_form;

// What a reader gives: the packets, and how it ended.
std::vector<std::string> read(std::string_view body, payload_form form,
                              std::size_t max_packets = default_max_packets) {
  std::vector<std::string> seen;
  payload_reader reader(body, form, max_packets);
  engine_packet packet;
  std::string buffer;
  payload_step step = reader.next(packet, buffer);
  for (; step == payload_step::packet; step = reader.next(packet, buffer)) {
    seen.push_back((packet.binary ? "binary:" : "") + std::string(1, engine_digit(packet.type)) +
                   std::string(packet.data));
  }
  if (step == payload_step::malformed) {
    seen.emplace_back("malformed");
  } else if (step == payload_step::too_many_packets) {
    seen.emplace_back("too many");
  }
  EXPECT_EQ(reader.next(packet, buffer), payload_step::end);
  return seen;
}

using packets = std::vector<std::string>;

TEST(polling_payload, reads_what_clients_of_revision_four_post) {
  EXPECT_EQ(read("40", separated), packets{"40"});
  EXPECT_EQ(read("422[\"find\",\"microflow\",{}]\x1e"
                 "423[\"find\",\"microflow\",{}]",
                 separated),
            (packets{R"(422["find","microflow",{}])", R"(423["find","microflow",{}])"}));
  EXPECT_EQ(read("451-6[\"create\",\"microflow\",{\"b\":{\"_placeholder\":true,\"num\":0}}]\x1e"
                 "bAQIDBA==",
                 separated),
            (packets{R"(451-6["create","microflow",{"b":{"_placeholder":true,"num":0}}])",
                     "binary:4\x01\x02\x03\x04"}));
}

TEST(polling_payload, reads_what_clients_of_revision_three_post) {
  EXPECT_EQ(read(R"(26:420["find","microflow",{}])", counted),
            packets{R"(420["find","microflow",{}])"});
  EXPECT_EQ(read(R"(26:422["find","microflow",{}]26:423["find","microflow",{}])", counted),
            (packets{R"(422["find","microflow",{}])", R"(423["find","microflow",{}])"}));
  EXPECT_EQ(read(R"(41:424["create","microflow",{"text":"hé €"}])", counted),
            packets{R"(424["create","microflow",{"text":"hé €"}])"});
  EXPECT_EQ(read(R"(39:425["create","microflow",{"text":"😀"}])", counted),
            packets{R"(425["create","microflow",{"text":"😀"}])"});
  EXPECT_EQ(
      read(R"(63:451-6["create","microflow",{"b":{"_placeholder":true,"num":0}}]10:b4AQIDBA==)",
           counted),
      (packets{R"(451-6["create","microflow",{"b":{"_placeholder":true,"num":0}}])",
               "binary:4\x01\x02\x03\x04"}));
  EXPECT_EQ(read("\0\2\xff"
                 "40"s,
                 framed),
            packets{"40"});
  EXPECT_EQ(read("\0\1\1\xff"
                 "4text €xx\1\3\xff\4\xfe\xff\0\1\xff"
                 "2"s,
                 framed),
            (packets{"4text €xx", "binary:4\xfe\xff", "2"}));
}

TEST(polling_payload, writes_what_servers_answer) {
  std::string payload;
  append_text_packet(payload, separated, R"(42["microflow created",{"text":"b","n":4,"id":3}])");
  append_text_packet(payload, separated, R"(435[null,[]])");
  append_binary_message(payload, separated, "\x01\x02\x03\x04");
  EXPECT_EQ(payload,
            "42[\"microflow created\",{\"text\":\"b\",\"n\":4,\"id\":3}]\x1e"
            "435[null,[]]\x1e"
            "bAQIDBA==");
  payload.clear();
  append_text_packet(payload, counted, "40");
  append_text_packet(payload, counted, R"(42["microflow created",{"text":"héllo € 😀","id":4}])");
  append_binary_message(payload, counted, "\x01\x02\x03\x04");
  EXPECT_EQ(payload, R"(2:4052:42["microflow created",{"text":"héllo € 😀","id":4}]10:b4AQIDBA==)");
  payload.clear();
  append_text_packet(payload, framed, "4hé");
  append_binary_message(payload, framed, "0123456789");
  EXPECT_EQ(payload,
            "\0\4\xff"
            "4hé\1\1\1\xff\4"
            "0123456789"s);
}

TEST(polling_payload, reads_back_what_it_writes) {
  for (const payload_form form : {separated, counted, framed}) {
    std::string payload;
    packets expected;
    for (std::size_t size = 0; size < 40; ++size) {
      std::string text = "4";
      std::string bytes;
      for (std::size_t i = 0; i < size; ++i) {
        text += i % 3 == 0 ? "é" : i % 3 == 1 ? "😀" : "x";
        bytes += static_cast<char>(i * 37);
      }
      append_text_packet(payload, form, text);
      append_binary_message(payload, form, bytes);
      expected.push_back(text);
      expected.push_back("binary:4" + bytes);
      ASSERT_EQ(read(payload, form), expected);
    }
  }
}

struct refusal {
  payload_form form;
  std::string_view body;
};

std::ostream& operator<<(std::ostream& out, const refusal& tried) {
  return out << tried.body;
}

class refused_payloads : public testing::TestWithParam<refusal> {};

TEST_P(refused_payloads, are_malformed) {
  EXPECT_EQ(read(GetParam().body, GetParam().form), packets{"malformed"});
}

INSTANTIATE_TEST_SUITE_P(
    table, refused_payloads,
    testing::Values(refusal{separated, ""}, refusal{separated, "abc"}, refusal{separated, "\x1e"},
                    refusal{separated,
                            "\x1e"
                            "40"},
                    refusal{separated, "7"}, refusal{separated, "4\xff"}, refusal{separated, "b*"},
                    refusal{counted, ""}, refusal{counted, "abc"}, refusal{counted, "40"},
                    refusal{counted, ":"}, refusal{counted, ":40"}, refusal{counted, "0:"},
                    refusal{counted, "3:40"}, refusal{counted, "2"}, refusal{counted, "-1:4"},
                    refusal{counted, "+2:40"}, refusal{counted, " 2:40"}, refusal{counted, "2 :40"},
                    refusal{counted, "1e1:4aaaaaaaaa"}, refusal{counted, "9999999999999999999:4"},
                    refusal{counted, "1:😀"}, refusal{counted, "2:4😀"}, refusal{counted, "2:4\xff"},
                    refusal{counted, "5:b4A=B"}, refusal{framed, ""}, refusal{framed, "2:40"},
                    refusal{framed,
                            "\2\1\xff"
                            "4"},
                    refusal{framed, "\1\xff\4"}, refusal{framed, "\1\2\xff\4"},
                    refusal{framed, "\1\1\xff\2"}, refusal{framed, "\1\1"}, refusal{framed, "\1"},
                    // 2^64 + 1, which a number of 64 bits takes for 1.
                    refusal{framed, "\1\1\x8\4\4\6\7\4\4\0\7\3\7\0\x9\5\5\1\6\1\7\xff\4"sv},
                    refusal{framed, std::string_view("\0\1\xff\xff", 4)},
                    refusal{framed, std::string_view("\0\0\xff", 3)},
                    refusal{framed, std::string_view("\0\2\xff"
                                                     "4",
                                                     4)}));

TEST(polling_payload, gives_what_comes_before_a_fault) {
  EXPECT_EQ(read("40\x1e", separated), (packets{"40", "malformed"}));
  EXPECT_EQ(read("40\x1ex\x1e"
                 "40",
                 separated),
            (packets{"40", "malformed"}));
  EXPECT_EQ(read("2:40rest", counted), (packets{"40", "malformed"}));
  EXPECT_EQ(read("2:402:4", counted), (packets{"40", "malformed"}));
  EXPECT_EQ(read("\1\1\xff\4rest", framed), (packets{"binary:4", "malformed"}));
}

TEST(polling_payload, limits_the_packets_of_a_body) {
  EXPECT_EQ(read("2\x1e"
                 "2\x1e"
                 "2",
                 separated, 3),
            (packets{"2", "2", "2"}));
  EXPECT_EQ(read("2\x1e"
                 "2\x1e"
                 "2",
                 separated, 2),
            (packets{"2", "2", "too many"}));
  EXPECT_EQ(read("1:21:21:2", counted, 2), (packets{"2", "2", "too many"}));
}

}  // namespace
}  // namespace flowcast::protocol
