#include "hub/event_frame.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace flowcast::hub {
namespace {

using namespace std::string_view_literals;

records::event event_of(std::string json, records::event_type type = records::event_type::created) {
  records::event event;
  event.type = type;
  event.record.json = std::move(json);
  return event;
}

std::string frame_of(const records::event& event, std::string_view offset = {}) {
  std::string frame;
  append_event_frame(frame, "microflow", event, offset);
  return frame;
}

TEST(event_packet, is_what_feathers_sends) {
  std::string packet;
  append_event_packet(packet, "microflow", event_of(R"({"text":"a","id":1})"), {});
  EXPECT_EQ(packet, R"(2["microflow created",{"text":"a","id":1}])");
}

TEST(event_packet, names_the_type_of_its_event) {
  using records::event_type;
  for (const auto& [type, name] :
       {std::pair{event_type::created, "created"}, std::pair{event_type::updated, "updated"},
        std::pair{event_type::patched, "patched"}, std::pair{event_type::removed, "removed"}}) {
    std::string packet;
    append_event_packet(packet, "orders", event_of("{}", type), {});
    EXPECT_EQ(packet, std::string(R"(2["orders )") + name + R"(",{}])");
  }
}

TEST(event_packet, ends_in_the_offset_where_one_is_given) {
  std::string packet;
  append_event_packet(packet, "microflow", event_of("{}"), "00000000000000aa-7");
  EXPECT_EQ(packet, R"(2["microflow created",{},"00000000000000aa-7"])");
}

TEST(event_frame, is_a_final_unmasked_text_frame) {
  EXPECT_EQ(frame_of(event_of("{}")),
            "\x81\x1a"
            R"(42["microflow created",{}])");
}

// RFC 6455, 5.2: the shortest form of the length, in network order.
TEST(event_frame, writes_its_length_in_the_shortest_form) {
  const auto with_payload = [](std::size_t length) {
    const std::size_t around = frame_of(event_of("")).size() - 2;
    return frame_of(event_of(std::string(length - around, 'x')));
  };
  EXPECT_EQ(with_payload(125).substr(0, 2), "\x81\x7d"sv);
  EXPECT_EQ(with_payload(126).substr(0, 4), "\x81\x7e\x00\x7e"sv);
  EXPECT_EQ(with_payload(0xffff).substr(0, 4), "\x81\x7e\xff\xff"sv);
  EXPECT_EQ(with_payload(0x10000).substr(0, 10), "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"sv);
  for (const std::size_t length : {125U, 126U, 0xffffU, 0x10000U}) {
    const std::string frame = with_payload(length);
    EXPECT_EQ(frame_reader(frame).next().size(), length);
  }
}

TEST(frame_reader, walks_frames_of_every_length) {
  const std::string long_record = R"({"text":")" + std::string(70'000, 'x') + R"("})";
  std::string frames = frame_of(event_of("{}"));
  frames += frame_of(event_of(long_record), "00000000000000aa-7");
  frames += frame_of(event_of(R"({"text":")" + std::string(200, 'y') + R"("})"));

  frame_reader reader(frames);
  EXPECT_EQ(reader.next(), R"(42["microflow created",{}])");
  EXPECT_EQ(reader.next(),
            R"(42["microflow created",)" + long_record + R"(,"00000000000000aa-7"])");
  EXPECT_EQ(reader.next().size(), 211 + 24U);
  EXPECT_EQ(reader.next(), "");
  EXPECT_EQ(reader.next(), "");
}

TEST(frame_reader, tells_how_much_it_passed_over) {
  const std::string one = frame_of(event_of("{}"));
  const std::string frames = one + one + one;
  frame_reader reader(frames);
  EXPECT_EQ(reader.skip(), one.size());
  EXPECT_EQ(reader.next().size(), one.size() - 2);
  EXPECT_EQ(reader.skip(), frames.size());
}

}  // namespace
}  // namespace flowcast::hub
