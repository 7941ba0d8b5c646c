#include "hub/selective_queue.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "unit/hub/fake_sink.hpp"

namespace flowcast::hub {
namespace {

struct member {
  explicit member(framing frames = framing::plain, std::size_t room = fake_sink::unlimited)
      : sink(room), who(sink, frames) {}
  fake_sink sink;
  listener who;
};

class selective_queue_test : public testing::Test {
 protected:
  static constexpr std::size_t max_kept = 100;

  // One frame for all of these.
  void publish(std::string_view frame, std::initializer_list<member*> to) {
    std::array<bool, framings> added{};
    std::array<selective_queue::piece, framings> pieces;
    for (member* each : to) {
      const auto at = static_cast<std::size_t>(each->who.frames());
      if (!added.at(at))
        pieces.at(at) = queue_.add_frame(each->who.frames(), frame);
      added.at(at) = true;
      queue_.add(each->who, pieces.at(at));
    }
  }
  void run_all() {
    while (queue_.run(256)) {
    }
  }

  selective_queue queue_{max_kept};
};

TEST_F(selective_queue_test, sends_each_listener_its_own_choice_in_order) {
  member one;
  member two;
  publish("a", {&one, &two});
  publish("b", {&two});
  publish("c", {&one});
  run_all();
  EXPECT_EQ(one.sink.bytes(), "ac");
  EXPECT_EQ(two.sink.bytes(), "ab");
  EXPECT_TRUE(queue_.empty());
  EXPECT_EQ(queue_.log_bytes(), 0U);
}

TEST_F(selective_queue_test, keeps_what_a_batch_has_until_that_closes_also_what_is_gathered) {
  fake_batch batch;
  std::array<member, 3> all;
  for (member& each : all)
    each.sink.send_with(batch);
  for (const char* frame : {"a", "b", "c"}) {
    publish(frame, {&all[0], &all[1]});
    publish("-", {&all[2]});
  }
  EXPECT_FALSE(queue_.run(256, &batch));
  EXPECT_EQ(all[0].sink.bytes(), "abc");
  EXPECT_EQ(all[1].sink.bytes(), "abc");
  EXPECT_EQ(all[2].sink.bytes(), "---");
  EXPECT_EQ(queue_.log_bytes(), 0U);
}

TEST_F(selective_queue_test, sends_a_burst_at_once_also_where_others_frames_lie_between) {
  member one;
  member two;
  for (const char* frame : {"a", "b", "c"}) {
    publish(frame, {&one});
    publish("-", {&two});
  }
  run_all();
  EXPECT_EQ(one.sink.bytes(), "abc");
  EXPECT_EQ(one.sink.sends(), 1U);
  EXPECT_EQ(two.sink.bytes(), "---");
  EXPECT_EQ(two.sink.sends(), 1U);
}

TEST_F(selective_queue_test, framings_do_not_mix) {
  member plain(framing::plain);
  member stamped(framing::stamped);
  publish("a", {&plain, &stamped});
  publish("b", {&stamped});
  publish("c", {&plain, &stamped});
  run_all();
  EXPECT_EQ(plain.sink.bytes(), "ac");
  EXPECT_EQ(stamped.sink.bytes(), "abc");
}

TEST_F(selective_queue_test, serves_first_come_first_served_in_slices) {
  std::vector<std::unique_ptr<member>> all;
  for (int i = 0; i < 10; ++i) {
    all.push_back(std::make_unique<member>());
    publish("a", {all.back().get()});
  }
  EXPECT_TRUE(queue_.run(4));
  for (std::size_t i = 0; i < 10; ++i)
    EXPECT_EQ(all[i]->sink.sends(), i < 4 ? 1U : 0U);
  publish("b", {all[0].get()});
  run_all();
  for (std::size_t i = 0; i < 10; ++i)
    EXPECT_EQ(all[i]->sink.bytes(), i == 0 ? "ab" : "a");
}

TEST_F(selective_queue_test, a_full_socket_gets_the_rest_into_its_own_queue) {
  member slow(framing::plain, 1);
  member good;
  publish("abc", {&slow, &good});
  run_all();
  EXPECT_EQ(slow.sink.bytes(), "a");
  EXPECT_TRUE(slow.sink.has_queue());
  EXPECT_TRUE(queue_.empty());
  publish("d", {&slow, &good});
  run_all();
  EXPECT_EQ(good.sink.bytes(), "abcd");
  slow.sink.open();
  EXPECT_EQ(slow.sink.bytes(), "abcd");
}

TEST_F(selective_queue_test, flush_serves_out_of_turn_and_once) {
  member one;
  member two;
  publish("a", {&one, &two});
  publish("b", {&two});
  queue_.flush(two.who);
  EXPECT_EQ(two.sink.bytes(), "ab");
  EXPECT_EQ(one.sink.bytes(), "");
  queue_.flush(two.who);
  publish("c", {&two});
  run_all();
  EXPECT_EQ(one.sink.bytes(), "a");
  EXPECT_EQ(two.sink.bytes(), "abc");
}

TEST_F(selective_queue_test, a_removed_listener_is_owed_nothing) {
  member one;
  {
    member gone;
    publish("a", {&gone, &one});
    queue_.remove(gone.who);
    queue_.remove(gone.who);
  }
  run_all();
  EXPECT_EQ(one.sink.bytes(), "a");
}

TEST_F(selective_queue_test, keeps_for_a_held_listener_in_order_until_release) {
  member one;
  publish("a", {&one});
  queue_.hold(one.who);
  run_all();
  publish("b", {&one});
  run_all();
  publish("c", {&one});
  EXPECT_EQ(one.sink.bytes(), "");
  queue_.release(one.who);
  run_all();
  EXPECT_EQ(one.sink.bytes(), "abc");
}

TEST_F(selective_queue_test, ends_a_held_listener_past_the_limit) {
  member held;
  member good;
  queue_.hold(held.who);
  publish(std::string(max_kept, 'x'), {&held, &good});
  run_all();
  EXPECT_EQ(held.sink.overruns(), 0U);
  publish("y", {&held, &good});
  run_all();
  EXPECT_EQ(held.sink.overruns(), 1U);
  EXPECT_EQ(held.sink.bytes(), "");
  queue_.release(held.who);
  EXPECT_EQ(held.sink.bytes(), "");
  EXPECT_EQ(good.sink.bytes().size(), max_kept + 1);
}

// A queue that never runs empty forgets what has been served all the same, and loses nothing.
TEST_F(selective_queue_test, forgets_what_it_served_under_a_load_that_never_stops) {
  std::vector<std::unique_ptr<member>> all;
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < 64; ++i) {
    all.push_back(std::make_unique<member>(i % 2 == 0 ? framing::plain : framing::stamped));
    expected.emplace_back();
  }
  const auto give = [&](std::size_t n) {
    const std::string frame = std::to_string(n) + ";";
    member& a = *all[n % 64];
    member& b = *all[n * 7 % 64];
    if (&a == &b) {
      publish(frame, {&a});
    } else {
      publish(frame, {&a, &b});
      expected[n * 7 % 64] += frame;
    }
    expected[n % 64] += frame;
  };
  std::size_t n = 0;
  while (n < 40)
    give(n++);
  std::size_t most = 0;
  for (; n < 60'000; ++n) {
    give(n);
    if (n % 97 == 0)
      queue_.flush(all[n % 64]->who);
    ASSERT_TRUE(queue_.run(1));
    most = std::max(most, queue_.log_bytes());
  }
  EXPECT_LT(most, 100'000U);
  run_all();
  for (std::size_t i = 0; i < 64; ++i)
    EXPECT_EQ(all[i]->sink.bytes(), expected[i]) << i;
  EXPECT_EQ(queue_.log_bytes(), 0U);
}

TEST_F(selective_queue_test, the_numbers_of_pieces_wrap) {
  selective_queue queue(max_kept, std::numeric_limits<std::uint32_t>::max() - 5'000);
  std::vector<std::unique_ptr<member>> all;
  std::vector<std::string> expected(16);
  all.reserve(16);
  for (int i = 0; i < 16; ++i)
    all.push_back(std::make_unique<member>());
  for (std::size_t n = 0; n < 20'000; ++n) {
    const std::string frame = std::to_string(n) + ";";
    queue.add(all[n % 16]->who, queue.add_frame(framing::plain, frame));
    expected[n % 16] += frame;
    if (n > 40)
      queue.run(1);
  }
  while (queue.run(16)) {
  }
  for (std::size_t i = 0; i < 16; ++i)
    EXPECT_EQ(all[i]->sink.bytes(), expected[i]) << i;
}

}  // namespace
}  // namespace flowcast::hub
