#include "protocol/socket_packet.hpp"

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace flowcast::protocol {
namespace {

using enum socket_packet_type;

struct exchange {
  std::string_view text;
  socket_packet_type type;
  std::string_view name_space;
  std::optional<std::uint64_t> ack_id;
  std::uint32_t attachments;
  std::string_view payload;
};

std::ostream& operator<<(std::ostream& out, const exchange& tried) {
  return out << tried.text;
}

class socket_packets : public testing::TestWithParam<exchange> {};

TEST_P(socket_packets, are_read_in_place_and_written_back) {
  const exchange& expected = GetParam();
  const decoded_socket_packet decoded = decode_socket_packet(expected.text);
  ASSERT_TRUE(decoded) << describe(decoded.fault);
  const socket_packet& packet = decoded.packet;
  EXPECT_EQ(packet.type, expected.type);
  EXPECT_EQ(packet.name_space, expected.name_space);
  EXPECT_EQ(packet.ack_id, expected.ack_id);
  EXPECT_EQ(packet.attachments, expected.attachments);
  EXPECT_EQ(packet.payload.text(), expected.payload);

  std::string written;
  append_socket_packet(written, packet, packet.payload.text());
  EXPECT_EQ(written, expected.text);
}

// As captured from socket.io 2 and 4 (without Engine.IO's `4` in front).
INSTANTIATE_TEST_SUITE_P(
    captured, socket_packets,
    testing::Values(
        exchange{"0", connect, "/", {}, 0, ""},
        exchange{R"(0{"sid":"PAx07xlIq9ARDcxAAAAA"})",
                 connect,
                 "/",
                 {},
                 0,
                 R"({"sid":"PAx07xlIq9ARDcxAAAAA"})"},
        exchange{R"(0{"pid":"CE0lxNGiACIeHZhOAAAB","offset":"Q8AOHqn.0"})",
                 connect,
                 "/",
                 {},
                 0,
                 R"({"pid":"CE0lxNGiACIeHZhOAAAB","offset":"Q8AOHqn.0"})"},
        exchange{"0/nope,", connect, "/nope", {}, 0, ""},
        exchange{R"(0/admin?token=1,{"a":1})", connect, "/admin?token=1", {}, 0, R"({"a":1})"},
        exchange{"1", disconnect, "/", {}, 0, ""}, exchange{"1/a,", disconnect, "/a", {}, 0, ""},
        exchange{R"(20["find","microflow",{}])", event, "/", 0, 0, R"(["find","microflow",{}])"},
        exchange{R"(265["microflow::create",{"text":"legacy"}])", event, "/", 65, 0,
                 R"(["microflow::create",{"text":"legacy"}])"},
        exchange{R"(2["microflow created",{"text":"héllo € 😀","id":4}])",
                 event,
                 "/",
                 {},
                 0,
                 R"(["microflow created",{"text":"héllo € 😀","id":4}])"},
        exchange{
            R"(2[1,"a number for a name"])", event, "/", {}, 0, R"([1,"a number for a name"])"},
        exchange{R"(2/admin,456["project:delete",123])", event, "/admin", 456, 0,
                 R"(["project:delete",123])"},
        exchange{R"(30[null,{"total":0,"limit":10,"skip":0,"data":[]}])", ack, "/", 0, 0,
                 R"([null,{"total":0,"limit":10,"skip":0,"data":[]}])"},
        exchange{"3/admin,456[]", ack, "/admin", 456, 0, "[]"},
        exchange{R"(4/nope,"Invalid namespace")",
                 connect_error,
                 "/nope",
                 {},
                 0,
                 R"("Invalid namespace")"},
        exchange{R"(4/nope,{"message":"Invalid namespace"})",
                 connect_error,
                 "/nope",
                 {},
                 0,
                 R"({"message":"Invalid namespace"})"},
        exchange{R"(51-6["create","microflow",{"b":{"_placeholder":true,"num":0}}])", binary_event,
                 "/", 6, 1, R"(["create","microflow",{"b":{"_placeholder":true,"num":0}}])"},
        exchange{R"(51-["bin",{"_placeholder":true,"num":0},"Q8AOHqn.1"])",
                 binary_event,
                 "/",
                 {},
                 1,
                 R"(["bin",{"_placeholder":true,"num":0},"Q8AOHqn.1"])"},
        exchange{R"(61-/admin,456[{"_placeholder":true,"num":0}])", binary_ack, "/admin", 456, 1,
                 R"([{"_placeholder":true,"num":0}])"}));

TEST(socket_packet, takes_a_namespace_that_no_comma_ends) {
  EXPECT_EQ(decode_socket_packet("0/nope").packet.name_space, "/nope");
  EXPECT_EQ(decode_socket_packet("1/a").packet.name_space, "/a");
  EXPECT_EQ(decode_socket_packet(R"(2/a["b"])").packet.name_space, R"(/a["b"])");
}

TEST(socket_packet, lets_events_without_payload_through_as_the_reference_parser_does) {
  const decoded_socket_packet decoded = decode_socket_packet("27");
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded.packet.ack_id, 7U);
  EXPECT_FALSE(decoded.packet.payload);
}

TEST(socket_packet, takes_binary_types_without_attachments) {
  EXPECT_TRUE(decode_socket_packet(R"(50-["a"])"));
}

TEST(socket_packet, keeps_arguments_exact) {
  const decoded_socket_packet decoded =
      decode_socket_packet(R"(2["subscribe",9007199254740993123,["k\u0065y"]])");
  EXPECT_TRUE(decoded.packet.payload.element(0).equals("subscribe"));
  EXPECT_EQ(decoded.packet.payload.element(1).text(), "9007199254740993123");
  EXPECT_TRUE(decoded.packet.payload.element(2).element(0).equals("key"));
}

TEST(socket_packet, separates_the_query_of_an_old_client_from_the_namespace) {
  EXPECT_EQ(namespace_path("/admin?token=1"), "/admin");
  EXPECT_EQ(namespace_path("/admin"), "/admin");
  EXPECT_EQ(namespace_path("/"), "/");
}

struct refusal {
  std::string_view text;
  socket_fault fault;
};

std::ostream& operator<<(std::ostream& out, const refusal& tried) {
  return out << tried.text;
}

class refused_socket_packets : public testing::TestWithParam<refusal> {};

TEST_P(refused_socket_packets, name_the_fault) {
  const decoded_socket_packet decoded = decode_socket_packet(GetParam().text);
  EXPECT_FALSE(decoded);
  EXPECT_EQ(decoded.fault, GetParam().fault) << describe(decoded.fault);
}

using enum socket_fault;

INSTANTIATE_TEST_SUITE_P(
    table, refused_socket_packets,
    testing::Values(
        refusal{"", unknown_type}, refusal{"abc", unknown_type}, refusal{"7", unknown_type},
        refusal{"/", unknown_type}, refusal{":", unknown_type}, refusal{"5", bad_attachments},
        refusal{R"(5["a"])", bad_attachments}, refusal{R"(5-["a"])", bad_attachments},
        refusal{R"(51["a"])", bad_attachments}, refusal{R"(5-1-["a"])", bad_attachments},
        refusal{R"(51.5-["a"])", bad_attachments}, refusal{R"(5a-["a"])", bad_attachments},
        refusal{R"(5 1-["a"])", bad_attachments}, refusal{R"(565-["a"])", too_many_attachments},
        refusal{R"(599999999999999999999-["a"])", bad_attachments},
        refusal{"0/\xff,", bad_namespace}, refusal{R"(21234567890123456["a"])", bad_ack_id},
        refusal{R"(2abc["a"])", bad_json}, refusal{"2[", bad_json}, refusal{R"(2["a")", bad_json},
        refusal{R"(2["a"]])", bad_json}, refusal{"2[\"\xff\"]", bad_json},
        refusal{R"(2 1["a"])", bad_json}, refusal{R"(2-1["a"])", bad_json},
        refusal{"2{}", bad_payload}, refusal{"2[]", bad_payload}, refusal{R"(2"a")", bad_payload},
        refusal{"2[null]", bad_payload}, refusal{"2[{}]", bad_payload},
        refusal{"2[true]", bad_payload}, refusal{R"(2["connect"])", reserved_event},
        refusal{R"(2["connect_error"])", reserved_event},
        refusal{R"(2["disconnect"])", reserved_event},
        refusal{R"(2["disconnecting"])", reserved_event},
        refusal{R"(2["newListener"])", reserved_event},
        refusal{R"(51-["removeListener"])", reserved_event},
        refusal{R"(2["dis\u0063onnect"])", reserved_event}, refusal{"3{}", bad_payload},
        refusal{R"(31"a")", bad_payload}, refusal{"61-{}", bad_payload},
        refusal{"0[]", bad_payload}, refusal{R"(0"token")", bad_payload},
        refusal{"0null", bad_payload}, refusal{"1{}", bad_payload}, refusal{"1null", bad_payload},
        refusal{"4[]", bad_payload}, refusal{"4null", bad_payload}));

TEST(socket_packet, keeps_to_its_limits) {
  socket_packet_limits limits{.name_space = 4, .attachments = 1, .json_depth = 2};
  EXPECT_TRUE(decode_socket_packet("0/abc,", limits));
  EXPECT_EQ(decode_socket_packet("0/abcd,", limits).fault, bad_namespace);
  EXPECT_TRUE(decode_socket_packet(R"(51-["a"])", limits));
  EXPECT_EQ(decode_socket_packet(R"(52-["a"])", limits).fault, too_many_attachments);
  EXPECT_TRUE(decode_socket_packet(R"(2["a",[]])", limits));
  EXPECT_EQ(decode_socket_packet(R"(2["a",[[]]])", limits).fault, bad_json);
}

TEST(socket_packet, counts_acks_as_far_as_javascript_can) {
  EXPECT_EQ(decode_socket_packet("3999999999999999[]").packet.ack_id, 999'999'999'999'999U);
}

TEST(socket_fault, has_words_for_every_fault) {
  for (const socket_fault fault :
       {unknown_type, bad_attachments, too_many_attachments, bad_namespace, bad_ack_id, bad_json,
        bad_payload, reserved_event}) {
    EXPECT_NE(describe(fault), describe(none));
  }
}

}  // namespace
}  // namespace flowcast::protocol
