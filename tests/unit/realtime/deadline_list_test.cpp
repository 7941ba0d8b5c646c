#include "realtime/deadline_list.hpp"

#include <array>
#include <memory>

#include <gtest/gtest.h>

#include "realtime/engine_session.hpp"
#include "unit/realtime/fake_host.hpp"

namespace flowcast::realtime {
namespace {

using namespace std::chrono_literals;

struct deadline_lists : testing::Test {
  fake_host host;
  std::array<engine_session, 3> sessions{
      engine_session{host, session_id::make(0, 0), {}, protocol::engine_revision::four},
      engine_session{host, session_id::make(0, 1), {}, protocol::engine_revision::four},
      engine_session{host, session_id::make(0, 2), {}, protocol::engine_revision::four}};
  deadline first{sessions[0]};
  deadline second{sessions[1]};
  deadline third{sessions[2]};
  deadline_list list{1s};
  clock::time_point now{};
};

TEST_F(deadline_lists, gives_what_is_due_in_the_order_it_was_armed) {
  list.arm(first, now);
  list.arm(second, now + 100ms);
  list.arm(third, now + 200ms);
  EXPECT_EQ(list.take_due(now + 900ms), nullptr);
  EXPECT_EQ(list.take_due(now + 1s), &sessions[0]);
  EXPECT_EQ(list.take_due(now + 1s), nullptr);
  EXPECT_EQ(list.take_due(now + 1200ms), &sessions[1]);
  EXPECT_EQ(list.take_due(now + 1200ms), &sessions[2]);
  EXPECT_TRUE(list.empty());
}

TEST_F(deadline_lists, starts_anew_what_is_armed_again) {
  list.arm(first, now);
  list.arm(second, now + 10ms);
  list.arm(first, now + 500ms);
  EXPECT_EQ(list.take_due(now + 1100ms), &sessions[1]);
  EXPECT_EQ(list.take_due(now + 1100ms), nullptr);
  EXPECT_EQ(list.take_due(now + 1500ms), &sessions[0]);
}

TEST_F(deadline_lists, forgets_what_is_cancelled_or_destroyed) {
  list.arm(first, now);
  {
    deadline passing(sessions[1]);
    list.arm(passing, now);
  }
  list.arm(third, now);
  first.cancel();
  EXPECT_FALSE(first.armed());
  EXPECT_EQ(list.take_due(now + 2s), &sessions[2]);
  EXPECT_TRUE(list.empty());
}

TEST_F(deadline_lists, takes_along_what_is_nearly_due) {
  deadline_list patient{25s};
  patient.arm(first, now);
  patient.arm(second, now + 30ms);
  EXPECT_EQ(patient.take_due(now + 25s), &sessions[0]);
  EXPECT_EQ(patient.take_due(now + 25s), &sessions[1]);
}

}  // namespace
}  // namespace flowcast::realtime
