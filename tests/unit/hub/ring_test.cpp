#include "hub/ring.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "unit/hub/fake_sink.hpp"

namespace flowcast::hub {
namespace {

// A frame as short as they come: its header is two bytes.
std::string frame(std::string_view payload) {
  return "\x81" + std::string(1, static_cast<char>(payload.size())) + std::string(payload);
}
constexpr std::size_t header = 2;

struct member {
  explicit member(std::size_t room = fake_sink::unlimited) : sink(room) {}
  // The payloads that its client has read.
  [[nodiscard]] std::string text() const {
    std::string all;
    for (const std::string& each : sink.packets())
      all += each;
    return all;
  }
  fake_sink sink;
  listener who{sink, framing::plain};
};

class ring_test : public testing::Test {
 protected:
  static constexpr std::size_t max_lag = 100;

  member& add(std::size_t room = fake_sink::unlimited) {
    members_.push_back(std::make_unique<member>(room));
    ring_.join(members_.back()->who);
    return *members_.back();
  }
  void publish(std::string_view payload) { ring_.tail().append(frame(payload)); }
  void run_all(std::size_t budget = 256) {
    while (ring_.run(budget)) {
    }
  }

  ring ring_{max_lag};
  std::vector<std::unique_ptr<member>> members_;
};

TEST_F(ring_test, sends_all_members_what_came_after_they_joined) {
  member& first = add();
  publish("a");
  member& second = add();
  publish("b");
  run_all();
  EXPECT_EQ(first.text(), "ab");
  EXPECT_EQ(second.text(), "b");
  publish("c");
  run_all();
  EXPECT_EQ(first.text(), "abc");
  EXPECT_EQ(second.text(), "bc");
}

TEST_F(ring_test, keeps_what_a_batch_has_until_that_closes) {
  fake_batch batch;
  for (int i = 0; i < 3; ++i)
    add().sink.send_with(batch);
  publish("a");
  EXPECT_FALSE(ring_.run(256, &batch));
  EXPECT_FALSE(batch.is_open());
  for (const auto& each : members_)
    EXPECT_EQ(each->text(), "a");
  EXPECT_EQ(ring_.log_bytes(), 0U);
}

TEST_F(ring_test, a_member_that_took_less_at_the_end_of_a_batch_is_owed_what_comes_next_alone) {
  fake_batch batch;
  member& slow = add(header);
  slow.sink.send_with(batch);
  publish("a");
  ring_.run(256, &batch);
  EXPECT_TRUE(slow.sink.has_queue());
  publish("b");
  ring_.run(256, &batch);
  if (slow.sink.open())
    ring_.resume(slow.who);
  EXPECT_EQ(slow.text(), "ab");
}

TEST_F(ring_test, has_nothing_to_do_without_frames) {
  member& one = add();
  EXPECT_FALSE(ring_.run(256));
  publish("a");
  run_all();
  EXPECT_FALSE(ring_.run(256));
  EXPECT_EQ(one.sink.sends(), 1U);
}

TEST_F(ring_test, sends_a_burst_at_once) {
  member& one = add();
  for (const char* frame : {"a", "b", "c", "d"})
    publish(frame);
  run_all();
  EXPECT_EQ(one.text(), "abcd");
  EXPECT_EQ(one.sink.sends(), 1U);
}

TEST_F(ring_test, serves_no_more_than_its_slice) {
  for (int i = 0; i < 10; ++i)
    add();
  publish("a");
  const auto served = [this] {
    std::size_t sum = 0;
    for (const auto& each : members_)
      sum += each->sink.sends();
    return sum;
  };
  EXPECT_TRUE(ring_.run(4));
  EXPECT_EQ(served(), 4U);
  EXPECT_TRUE(ring_.run(4));
  EXPECT_EQ(served(), 8U);
  EXPECT_FALSE(ring_.run(4));
  EXPECT_EQ(served(), 10U);
}

TEST_F(ring_test, frames_that_come_during_a_pass_reach_each_member_once) {
  for (int i = 0; i < 10; ++i)
    add();
  publish("a");
  EXPECT_TRUE(ring_.run(4));
  publish("b");
  run_all(4);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(members_[i]->text(), "ab");
    // Those behind the middle had both at once.
    EXPECT_EQ(members_[i]->sink.sends(), i < 4 ? 2U : 1U);
  }
}

TEST_F(ring_test, a_member_that_blocks_costs_the_others_nothing) {
  add();
  member& slow = add(1);
  add();
  for (int i = 0; i < 10; ++i) {
    publish("ab");
    run_all();
  }
  EXPECT_EQ(members_[0]->text().size(), 20U);
  EXPECT_EQ(members_[2]->text().size(), 20U);
  EXPECT_EQ(slow.sink.bytes(), "\x81");
  EXPECT_EQ(slow.sink.sends(), 1U);

  ASSERT_TRUE(slow.sink.open());
  ring_.resume(slow.who);
  EXPECT_EQ(slow.sink.bytes(), members_[0]->sink.bytes());
  EXPECT_EQ(slow.sink.sends(), 2U);
}

TEST_F(ring_test, resumes_as_often_as_the_socket_blocks) {
  member& slow = add(1);
  publish("abcdef");
  run_all();
  for (int i = 0; i < 7; ++i) {
    ASSERT_TRUE(slow.sink.open(1));
    ring_.resume(slow.who);
  }
  EXPECT_EQ(slow.text(), "abcdef");
  ring_.resume(slow.who);
  EXPECT_EQ(slow.text(), "abcdef");
}

TEST_F(ring_test, ends_only_the_member_that_is_too_far_behind) {
  member& good = add();
  member& slow = add(0);
  publish(std::string(max_lag - header, 'x'));
  run_all();
  EXPECT_EQ(slow.sink.overruns(), 0U);
  publish("y");
  run_all();
  EXPECT_EQ(slow.sink.overruns(), 1U);
  EXPECT_EQ(good.sink.overruns(), 0U);
  EXPECT_EQ(good.text().size(), max_lag - header + 1);
  EXPECT_EQ(ring_.size(), 1U);
  publish("z");
  run_all();
  EXPECT_EQ(slow.sink.overruns(), 1U);
  EXPECT_EQ(good.text().size(), max_lag - header + 2);
}

TEST_F(ring_test, ends_many_laggards_in_one_pass_and_serves_all_others) {
  for (int i = 0; i < 12; ++i)
    add(i % 3 == 0 ? fake_sink::unlimited : 0);
  publish(std::string(max_lag, 'x'));
  run_all(5);
  EXPECT_EQ(ring_.size(), 4U);
  for (std::size_t i = 0; i < 12; ++i) {
    EXPECT_EQ(members_[i]->sink.overruns(), i % 3 == 0 ? 0U : 1U);
    EXPECT_EQ(members_[i]->text().size(), i % 3 == 0 ? max_lag : 0U);
  }
  // Those that stay can still be found.
  for (std::size_t i = 0; i < 12; i += 3)
    ring_.leave(members_[i]->who);
  EXPECT_TRUE(ring_.empty());
}

// Whoever leaves in the middle of a pass, all others get each frame once.
TEST_F(ring_test, leaving_during_a_pass_loses_and_doubles_nobody) {
  constexpr std::size_t many = 7;
  for (std::size_t served = 0; served <= many; ++served) {
    for (std::size_t leaver = 0; leaver < many; ++leaver) {
      members_.clear();
      ring ring{max_lag};
      for (std::size_t i = 0; i < many; ++i) {
        members_.push_back(std::make_unique<member>());
        ring.join(members_.back()->who);
      }
      ring.tail().append(frame("a"));
      bool more = true;
      for (std::size_t i = 0; i < served; ++i)
        more = ring.run(1);
      ring.leave(members_[leaver]->who);
      while (more)
        more = ring.run(1);
      for (std::size_t i = 0; i < many; ++i) {
        if (i != leaver) {
          ASSERT_EQ(members_[i]->text(), "a") << served << ' ' << leaver << ' ' << i;
        }
      }
    }
  }
}

TEST_F(ring_test, a_pass_goes_on_when_all_that_it_served_have_left) {
  member& first = add();
  member& second = add();
  member& third = add();
  publish("a");
  EXPECT_TRUE(ring_.run(1));
  ring_.leave(first.who);
  run_all(1);
  EXPECT_EQ(second.text(), "a");
  EXPECT_EQ(third.text(), "a");
}

TEST_F(ring_test, keeps_what_a_held_member_is_owed) {
  member& held = add();
  member& other = add();
  ring_.hold(held.who);
  publish("a");
  run_all();
  publish("b");
  run_all();
  EXPECT_EQ(held.text(), "");
  EXPECT_EQ(other.text(), "ab");
  ring_.release(held.who);
  EXPECT_EQ(held.text(), "ab");
  EXPECT_EQ(ring_.log_bytes(), 0U);
}

TEST_F(ring_test, a_held_member_that_blocked_waits_for_its_socket_after_release) {
  member& one = add(1);
  publish("ab");
  run_all();
  ring_.hold(one.who);
  ring_.release(one.who);
  EXPECT_EQ(one.sink.bytes(), "\x81");
  ASSERT_TRUE(one.sink.open());
  ring_.resume(one.who);
  EXPECT_EQ(one.text(), "ab");
}

TEST_F(ring_test, a_held_member_whose_socket_opens_is_sent_nothing_before_release) {
  member& one = add(1);
  publish("ab");
  run_all();
  ring_.hold(one.who);
  ASSERT_TRUE(one.sink.open());
  ring_.resume(one.who);
  EXPECT_EQ(one.sink.bytes(), "\x81");
  ring_.release(one.who);
  EXPECT_EQ(one.text(), "ab");
}

TEST_F(ring_test, ends_a_held_member_past_the_limit) {
  member& held = add();
  add();
  ring_.hold(held.who);
  publish(std::string(max_lag, 'x'));
  run_all();
  EXPECT_EQ(held.sink.overruns(), 1U);
  EXPECT_EQ(held.text(), "");
  EXPECT_EQ(ring_.log_bytes(), 0U);
}

TEST_F(ring_test, the_log_keeps_what_the_slowest_needs_and_no_more) {
  member& slow = add(0);
  add();
  publish("abcd");
  run_all();
  EXPECT_EQ(ring_.log_bytes(), header + 4);
  slow.sink.open(header + 3);
  ring_.resume(slow.who);
  publish("e");
  run_all();
  EXPECT_EQ(ring_.log_bytes(), header + 2);
}

TEST_F(ring_test, the_log_is_forgotten_when_the_last_laggard_catches_up_or_leaves) {
  member& slow = add(0);
  member& slower = add(0);
  add();
  publish("abcd");
  run_all();
  slow.sink.open();
  ring_.resume(slow.who);
  EXPECT_EQ(ring_.log_bytes(), header + 4);
  ring_.leave(slower.who);
  EXPECT_EQ(ring_.log_bytes(), 0U);
}

TEST_F(ring_test, what_waits_for_a_laggard_is_not_what_waits_to_go_round) {
  add(0);
  add();
  publish("abcd");
  EXPECT_EQ(ring_.waiting_bytes(), header + 4);
  EXPECT_TRUE(ring_.run(1));
  EXPECT_EQ(ring_.waiting_bytes(), header + 4);
  run_all();
  EXPECT_EQ(ring_.waiting_bytes(), 0U);
  EXPECT_EQ(ring_.log_bytes(), header + 4);
}

TEST_F(ring_test, the_log_is_trimmed_under_a_load_that_never_stops) {
  for (int i = 0; i < 8; ++i)
    add();
  for (int i = 0; i < 1000; ++i) {
    publish("abcd");
    ring_.run(3);
    ASSERT_LT(ring_.log_bytes(), 100U);
  }
}

TEST_F(ring_test, pending_frames_are_taken_once) {
  member& one = add(1);
  publish("abc");
  run_all();
  publish("d");
  EXPECT_EQ(ring_.take_pending(one.who), (frame("abc") + frame("d")).substr(1));
  EXPECT_EQ(ring_.take_pending(one.who), "");
  one.sink.open();
  run_all();
  EXPECT_EQ(one.sink.bytes().size(), 1U);
}

// So that what its session says last does not land in the middle of a frame.
TEST_F(ring_test, tells_a_member_that_it_ends_the_rest_of_its_frame) {
  const std::string first = frame("abc");
  const std::string second = frame("defg");
  for (std::size_t taken = 0; taken < first.size() + second.size(); ++taken) {
    for (std::size_t at_once = 1; at_once <= taken + 1; ++at_once) {
      ring ring{max_lag};
      member one(0);
      ring.join(one.who);
      ring.tail().append(first).append(second);
      ring.run(1);
      for (std::size_t given = 0; given < taken; given += at_once) {
        one.sink.open(std::min(at_once, taken - given));
        ring.resume(one.who);
      }
      ASSERT_EQ(one.sink.bytes(), (first + second).substr(0, taken));
      ring.tail().append(frame(std::string(max_lag, 'x')));
      ring.run(1);
      ASSERT_EQ(one.sink.overruns(), 1U);
      const std::string whole = taken == 0 ? "" : taken <= first.size() ? first : first + second;
      ASSERT_EQ(one.sink.bytes_and_queue(), whole) << taken << ' ' << at_once;
    }
  }
}

TEST_F(ring_test, forgets_its_log_when_the_last_member_leaves) {
  member& one = add(0);
  publish("abc");
  run_all();
  ring_.leave(one.who);
  EXPECT_TRUE(ring_.empty());
  EXPECT_EQ(ring_.log_bytes(), 0U);
  EXPECT_FALSE(ring_.run(256));
  member& next = add();
  publish("d");
  run_all();
  EXPECT_EQ(next.text(), "d");
}

}  // namespace
}  // namespace flowcast::hub
