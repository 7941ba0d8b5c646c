#include "realtime/postponed_events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/json_scanner.hpp"

namespace flowcast::realtime {
namespace {

using testing::ElementsAre;

TEST(postponed_events, are_given_in_order_with_what_came_with_them) {
  postponed_events events(10'000);
  const std::vector<std::string> attachments = {"bytes"};
  {
    const std::string first = R"(["create","microflow",{"text":1}])";
    const std::string second = R"(["subscribe","microflow"])";
    EXPECT_TRUE(events.add({protocol::scan_json(first).value, 7, attachments}));
    EXPECT_TRUE(events.add({protocol::scan_json(second).value, {}, {}}));
  }
  std::vector<std::string> given;
  events.give([&](const socket_event& each) {
    given.emplace_back(each.arguments.text());
    given.push_back(each.ack_id ? std::to_string(*each.ack_id) : "none");
    given.insert(given.end(), each.attachments.begin(), each.attachments.end());
    return true;
  });
  EXPECT_THAT(given, ElementsAre(R"(["create","microflow",{"text":1}])", "7", "bytes",
                                 R"(["subscribe","microflow"])", "none"));
}

TEST(postponed_events, stop_where_whoever_takes_them_has_enough) {
  postponed_events events(10'000);
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(events.add({protocol::scan_json(R"(["x"])").value, {}, {}}));
  int taken = 0;
  events.give([&](const socket_event&) { return ++taken < 2; });
  EXPECT_EQ(taken, 2);
}

TEST(postponed_events, have_a_bound_in_bytes) {
  postponed_events events(1000);
  const std::vector<std::string> much = {std::string(2000, 'x')};
  const auto small = protocol::scan_json(R"(["x"])").value;
  EXPECT_FALSE(events.add({small, {}, much}));
  int added = 0;
  while (events.add({small, {}, {}}))
    ++added;
  EXPECT_GT(added, 0);
  EXPECT_LT(added, 1000);
}

}  // namespace
}  // namespace flowcast::realtime
