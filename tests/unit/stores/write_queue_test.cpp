#include "stores/write_queue.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowcast::stores {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class write_queue_test : public testing::Test {
 protected:
  // A write is known by its document.
  bool push(const std::string& document, std::size_t bytes = 10) {
    prepared_write one;
    one.request.documents = {document};
    one.bytes = bytes;
    return queue_.push(one).has_value();
  }
  std::vector<std::string> take(std::size_t most = 100) {
    std::vector<std::string> documents;
    for (const prepared_write& each : queue_.take(most, 0ms))
      documents.push_back(each.request.documents.front());
    return documents;
  }

  write_queue queue_{100};
};

TEST_F(write_queue_test, gives_all_that_waits_in_the_order_it_came_in) {
  ASSERT_TRUE(push("a"));
  ASSERT_TRUE(push("b"));
  ASSERT_TRUE(push("c"));
  EXPECT_THAT(take(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(write_queue_test, gives_no_more_than_asked_for_and_the_rest_after) {
  for (const char* each : {"a", "b", "c", "d"})
    ASSERT_TRUE(push(each));
  EXPECT_THAT(take(2), ElementsAre("a", "b"));
  EXPECT_EQ(queue_.size(), 2U);
  ASSERT_TRUE(push("e"));
  EXPECT_THAT(take(3), ElementsAre("c", "d", "e"));
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(write_queue_test, refuses_what_is_too_much_until_some_is_taken) {
  ASSERT_TRUE(push("a", 60));
  ASSERT_TRUE(push("b", 40));
  EXPECT_FALSE(push("c", 1));
  EXPECT_THAT(take(1), ElementsAre("a"));
  ASSERT_TRUE(push("c", 60));
  EXPECT_FALSE(push("d", 1));
  EXPECT_THAT(take(), ElementsAre("b", "c"));
  EXPECT_TRUE(push("d", 60));
  EXPECT_TRUE(push("e", 40));
}

TEST_F(write_queue_test, takes_one_that_is_larger_than_all_it_may_hold_while_it_is_empty) {
  ASSERT_TRUE(push("a", 1000));
  EXPECT_FALSE(push("b", 1));
  EXPECT_THAT(take(), ElementsAre("a"));
  EXPECT_TRUE(push("b", 1));
}

TEST_F(write_queue_test, gives_first_what_was_put_back) {
  ASSERT_TRUE(push("a"));
  ASSERT_TRUE(push("b"));
  std::deque<prepared_write> taken = queue_.take(1, 0ms);
  queue_.put_back(std::move(taken.front()));
  EXPECT_THAT(take(), ElementsAre("a", "b"));
}

TEST_F(write_queue_test, gives_what_it_has_when_it_is_closed_and_takes_no_more) {
  ASSERT_TRUE(push("a"));
  queue_.close();
  EXPECT_FALSE(push("b"));
  EXPECT_FALSE(queue_.finished());
  EXPECT_THAT(take(), ElementsAre("a"));
  EXPECT_TRUE(queue_.finished());
}

}  // namespace
}  // namespace flowcast::stores
