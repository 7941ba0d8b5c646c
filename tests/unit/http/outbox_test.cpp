#include "http/outbox.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowcast::http {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

void gather(outbox<int>& into, int to, std::string_view text) {
  into.gather(to, [text](std::string& bytes) { bytes += text; });
}

std::vector<std::pair<int, std::string>> sent(outbox<int>& from) {
  std::vector<std::pair<int, std::string>> all;
  from.send_all([&](int to, std::string_view bytes) { all.emplace_back(to, bytes); }, [] {});
  return all;
}

TEST(outbox, hands_out_each_answer_in_the_order_in_which_they_were_made) {
  outbox<int> answers;
  answers.open();
  gather(answers, 3, "three");
  gather(answers, 1, "");
  gather(answers, 2, "two");
  EXPECT_THAT(sent(answers), ElementsAre(Pair(3, "three"), Pair(1, ""), Pair(2, "two")));
  EXPECT_THAT(sent(answers), IsEmpty());
}

TEST(outbox, has_room_only_while_it_is_open) {
  outbox<int> answers;
  EXPECT_FALSE(answers.has_room(1));
  answers.open();
  EXPECT_TRUE(answers.has_room(1));
  answers.send_all([](int, std::string_view) {}, [] {});
  EXPECT_FALSE(answers.has_room(1));
}

TEST(outbox, gathers_nothing_that_sending_brings_about) {
  outbox<int> answers;
  answers.open();
  gather(answers, 1, "one");
  const auto expect_no_room = [&] { EXPECT_FALSE(answers.has_room(1)); };
  answers.send_all([&](int, std::string_view) { expect_no_room(); }, expect_no_room);
}

TEST(outbox, keeps_the_bytes_until_sending_has_finished) {
  outbox<int> answers;
  answers.open();
  gather(answers, 1, "one");
  gather(answers, 2, "two");
  std::vector<std::string_view> handed;
  std::vector<std::string> in_the_end;
  answers.send_all([&](int, std::string_view bytes) { handed.push_back(bytes); },
                   [&] { in_the_end.assign(handed.begin(), handed.end()); });
  EXPECT_THAT(in_the_end, ElementsAre("one", "two"));
}

TEST(outbox, has_no_room_for_an_answer_that_is_not_small) {
  outbox<int> answers;
  answers.open();
  EXPECT_FALSE(answers.has_room(65'537));
  gather(answers, 1, std::string(65'000, 'x'));
  EXPECT_FALSE(answers.has_room(1'000));
  EXPECT_TRUE(answers.has_room(100));
}

TEST(outbox, is_full_with_enough_answers_or_enough_bytes) {
  outbox<int> answers;
  answers.open();
  for (int i = 0; i < 31; ++i)
    gather(answers, i, "x");
  EXPECT_FALSE(answers.is_full());
  gather(answers, 31, "x");
  EXPECT_TRUE(answers.is_full());
  sent(answers);
  EXPECT_FALSE(answers.is_full());
  gather(answers, 1, std::string(65'536, 'x'));
  EXPECT_TRUE(answers.is_full());
}

}  // namespace
}  // namespace flowcast::http
