#include "hub/frame_log.hpp"

#include <string>

#include <gtest/gtest.h>

namespace flowcast::hub {
namespace {

TEST(frame_log, gives_what_was_appended_from_a_position_on) {
  frame_log log;
  EXPECT_TRUE(log.empty());
  log.tail().append("one");
  const frame_log::position between = log.end();
  log.tail().append("two");
  EXPECT_EQ(log.since(log.begin()), "onetwo");
  EXPECT_EQ(log.since(between), "two");
  EXPECT_EQ(log.since(log.end()), "");
  EXPECT_EQ(log.between(log.begin(), between), "one");
}

TEST(frame_log, keeps_positions_when_it_forgets) {
  frame_log log;
  std::string all;
  frame_log::position forgotten = 0;
  for (int i = 0; i < 5000; ++i) {
    const std::string frame = std::to_string(i) + ";";
    log.tail().append(frame);
    all += frame;
    if (i % 7 == 0) {
      forgotten += (log.end() - forgotten) / 3;
      log.trim(forgotten);
    }
    ASSERT_EQ(log.begin(), forgotten);
    ASSERT_EQ(log.end(), all.size());
    ASSERT_EQ(log.since(forgotten), std::string_view(all).substr(forgotten));
  }
}

TEST(frame_log, goes_on_where_it_ended_after_it_ran_empty) {
  frame_log log;
  log.tail().append("gone");
  log.trim(log.end());
  EXPECT_TRUE(log.empty());
  EXPECT_EQ(log.end(), 4U);
  log.tail().append("here");
  EXPECT_EQ(log.since(4), "here");
}

TEST(frame_log, moves_what_is_left_out_of_a_half_that_was_forgotten) {
  frame_log log;
  log.tail().append(std::string(1000, 'a')).append(std::string(400, 'b'));
  log.trim(1000);
  EXPECT_EQ(log.tail().size(), 400U);
  EXPECT_EQ(log.since(1000), std::string(400, 'b'));
}

TEST(frame_log, gives_memory_back_when_it_runs_empty_after_a_burst) {
  frame_log log;
  log.tail().append(std::string(1'000'000, 'x'));
  log.trim(log.end());
  EXPECT_LT(log.tail().capacity(), 1024U);

  log.tail().append(std::string(1000, 'x'));
  const std::size_t warm = log.tail().capacity();
  log.trim(log.end());
  EXPECT_EQ(log.tail().capacity(), warm);
}

}  // namespace
}  // namespace flowcast::hub
