#include "stores/log_tail.hpp"

#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowcast::stores {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::shared_ptr<const records::event> event_at(std::uint64_t position, std::string key,
                                               service_index service = 0) {
  records::event made;
  made.service = service;
  made.record.key = std::move(key);
  made.record.json = "{}";
  made.offset = {1, position};
  return std::make_shared<const records::event>(std::move(made));
}

std::vector<std::uint64_t> read(log_tail& tail, std::uint64_t after,
                                std::vector<log_filter> filters, std::uint64_t up_to = 1000) {
  log_read request;
  request.filters = std::move(filters);
  request.after = {1, after};
  request.up_to = up_to;
  std::vector<std::uint64_t> positions;
  for (const records::event& each : tail.read(request).events) {
    positions.push_back(each.offset.position);
  }
  return positions;
}

TEST(log_tail, finds_what_it_holds) {
  log_tail tail(10);
  for (const std::uint64_t position : {11U, 12U, 15U, 40U}) {
    tail.append(event_at(position, "k"));
  }
  EXPECT_EQ(tail.before(), 10U);
  EXPECT_EQ(tail.find(15)->offset.position, 15U);
  EXPECT_EQ(tail.find(13), nullptr);
  EXPECT_EQ(tail.find(0), nullptr);
  EXPECT_EQ(tail.next_of(0, 12)->offset.position, 15U);
  EXPECT_EQ(tail.next_of(1, 0), nullptr);
}

TEST(log_tail, walks_the_events_of_one_key) {
  log_tail tail;
  tail.append(event_at(1, "a"));
  tail.append(event_at(2, "b"));
  tail.append(event_at(5, "a"));
  tail.append(event_at(6, "a", 1));
  tail.append(event_at(9, "a"));
  EXPECT_THAT(read(tail, 0, {{0, false, {"a"}}}), ElementsAre(1, 5, 9));
  EXPECT_THAT(read(tail, 1, {{0, false, {"a"}}}, 8), ElementsAre(5));
  EXPECT_THAT(read(tail, 0, {{1, false, {"a", "b"}}}), ElementsAre(6));
  EXPECT_THAT(read(tail, 9, {{0, false, {"a"}}}), IsEmpty());
}

TEST(log_tail, forgets_from_the_front) {
  log_tail tail;
  for (std::uint64_t position = 1; position <= 10; ++position) {
    tail.append(event_at(position, position % 2 == 0 ? "even" : "odd"));
  }
  tail.erase(2);
  EXPECT_EQ(tail.before(), 0U);
  tail.erase(1);
  EXPECT_EQ(tail.before(), 2U);
  EXPECT_THAT(read(tail, 2, {{0, false, {"odd"}}}), ElementsAre(3, 5, 7, 9));
  tail.shrink_to(tail.bytes() / 2);
  EXPECT_EQ(tail.before(), 6U);
  EXPECT_THAT(read(tail, 6, {{0, false, {"even"}}}), ElementsAre(8, 10));
  tail.shrink_to(0);
  EXPECT_EQ(tail.before(), 10U);
  EXPECT_EQ(tail.bytes(), 0U);
  tail.append(event_at(11, "even"));
  EXPECT_THAT(read(tail, 10, {{0, false, {"even"}}}), ElementsAre(11));
}

TEST(log_tail, forgets_events_that_nobody_has_looked_for) {
  log_tail tail;
  for (std::uint64_t position = 1; position <= 4; ++position) {
    tail.append(event_at(position, "a"));
  }
  tail.shrink_to(tail.bytes() / 4);
  EXPECT_EQ(tail.before(), 3U);
  tail.append(event_at(5, "a"));
  EXPECT_THAT(read(tail, 3, {{0, false, {"a"}}}), ElementsAre(4, 5));
}

// Looks at one of so many steps, and shrinks at another of so many.
void compare_with_a_plain_list(int steps, std::uint64_t steps_a_look,
                               std::uint64_t steps_a_shrink) {
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): a failure must come again
  const auto below = [&random](std::uint64_t bound) { return random() % bound; };
  log_tail tail;
  std::vector<std::shared_ptr<const records::event>> plain;
  std::uint64_t position = 0;
  for (int step = 0; step < steps; ++step) {
    position += 1 + below(3);
    plain.push_back(
        event_at(position, "k" + std::to_string(below(5)), static_cast<service_index>(below(2))));
    tail.append(plain.back());
    if (below(4) == 0) {
      const std::size_t gone = below(plain.size());
      tail.erase(plain[gone]->offset.position);
      plain.erase(plain.begin() + static_cast<std::ptrdiff_t>(gone));
    }
    if (below(steps_a_shrink) == 0) {
      tail.shrink_to(tail.bytes() / 2);
      std::erase_if(plain,
                    [&](const auto& each) { return each->offset.position <= tail.before(); });
    }
    if (below(steps_a_look) != 0) {
      continue;
    }
    const std::uint64_t after = tail.before() + below(position - tail.before() + 1);
    const std::vector<log_filter> filters = {
        {0, below(3) == 0, {"k1", "k3"}},
        {1, false, {"k3"}},
    };
    std::vector<std::uint64_t> expected;
    for (const auto& each : plain) {
      const log_filter& filter = filters[each->service];
      const bool wanted =
          filter.whole || std::count(filter.keys.begin(), filter.keys.end(), each->record.key) > 0;
      if (each->offset.position > after && wanted && expected.size() < 500) {
        expected.push_back(each->offset.position);
      }
    }
    ASSERT_EQ(read(tail, after, filters, position), expected) << "step " << step;
  }
}

TEST(log_tail, agrees_with_a_plain_list) {
  compare_with_a_plain_list(3000, 1, 100);
}

TEST(log_tail, agrees_with_a_plain_list_where_most_is_looked_for_long_after_it_came) {
  compare_with_a_plain_list(20'000, 50, 300);
}

}  // namespace
}  // namespace flowcast::stores
