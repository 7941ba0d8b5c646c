#include "realtime/send_batch.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <liburing.h>
#include <sys/socket.h>
#include <unistd.h>

namespace flowcast::realtime {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

using report = send_batch::report;

bool system_has_io_uring() {
  io_uring ring{};
  if (io_uring_queue_init(1, &ring, 0) != 0)
    return false;
  io_uring_queue_exit(&ring);
  return true;
}

// Two ends of a connection, and what their sender is told.
class connected final : public batched_sender {
 public:
  explicit connected(std::vector<std::string>& log, std::string name)
      : log_(&log), name_(std::move(name)) {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_.data()), 0);
  }
  ~connected() override {
    ::close(ends_[0]);
    close_peer();
  }
  connected(const connected&) = delete;
  connected& operator=(const connected&) = delete;

  void on_sent(std::string_view bytes, transfer how) override {
    sent = how;
    log_->push_back(name_ + " sent " + std::to_string(how.bytes) + " of " +
                    std::to_string(bytes.size()));
  }
  void send_alone(std::string_view bytes) override {
    log_->push_back(name_ + " alone");
    EXPECT_EQ(::send(ends_[0], bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }

  [[nodiscard]] bool add(send_batch& to, std::string_view bytes, report when = report::shortfall) {
    return to.add(ends_[0], bytes, *this, when);
  }
  std::string read() {
    std::string all(100'000, '\0');
    const ssize_t size = ::recv(ends_[1], all.data(), all.size(), MSG_DONTWAIT);
    all.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return all;
  }
  // Until it takes no byte more.
  void fill() {
    const std::string some(4096, 'x');
    while (::send(ends_[0], some.data(), some.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
    }
  }
  void close_peer() {
    if (ends_[1] >= 0)
      ::close(std::exchange(ends_[1], -1));
  }

  std::optional<transfer> sent;

 private:
  std::array<int, 2> ends_{};
  std::vector<std::string>* log_;
  std::string name_;
};

class send_batch_test : public testing::Test {
 protected:
  void SetUp() override {
    if (!system_has_io_uring())
      GTEST_SKIP() << "this kernel has no io_uring, or does not let us";
  }

  std::vector<std::string> log_;
  connected a_{log_, "a"};
  connected b_{log_, "b"};
  connected c_{log_, "c"};
  send_batch batch_;
};

TEST_F(send_batch_test, sends_all_when_it_is_closed_and_nothing_before) {
  batch_.open();
  EXPECT_TRUE(a_.add(batch_, "one"));
  EXPECT_TRUE(b_.add(batch_, "two"));
  EXPECT_TRUE(c_.add(batch_, "three"));
  EXPECT_TRUE(batch_.pending());
  EXPECT_EQ(a_.read(), "");
  batch_.close();
  EXPECT_FALSE(batch_.pending());
  EXPECT_EQ(a_.read(), "one");
  EXPECT_EQ(b_.read(), "two");
  EXPECT_EQ(c_.read(), "three");
  EXPECT_EQ(batch_.sent_together().value(), 3U);
}

TEST_F(send_batch_test, tells_those_who_want_to_know_in_the_order_of_adding) {
  batch_.open();
  EXPECT_TRUE(a_.add(batch_, "one", report::always));
  EXPECT_TRUE(b_.add(batch_, "quiet"));
  EXPECT_TRUE(c_.add(batch_, "three", report::always));
  batch_.close();
  EXPECT_THAT(log_, ElementsAre("a sent 3 of 3", "c sent 5 of 5"));
  EXPECT_EQ(a_.sent->then, next_step::go_on);
}

TEST_F(send_batch_test, takes_nothing_while_it_is_closed) {
  EXPECT_FALSE(a_.add(batch_, "one"));
  batch_.open();
  batch_.close();
  EXPECT_FALSE(a_.add(batch_, "one"));
}

TEST_F(send_batch_test, goes_on_after_a_flush) {
  batch_.open();
  EXPECT_TRUE(a_.add(batch_, "one"));
  EXPECT_TRUE(b_.add(batch_, "two"));
  batch_.flush();
  EXPECT_EQ(a_.read(), "one");
  EXPECT_TRUE(a_.add(batch_, "more"));
  EXPECT_TRUE(c_.add(batch_, "three"));
  batch_.close();
  EXPECT_EQ(a_.read(), "more");
  EXPECT_EQ(b_.read(), "two");
  EXPECT_EQ(c_.read(), "three");
}

TEST_F(send_batch_test, leaves_one_alone_to_its_sender) {
  batch_.open();
  EXPECT_TRUE(a_.add(batch_, "one"));
  batch_.close();
  EXPECT_THAT(log_, ElementsAre("a alone"));
  EXPECT_EQ(batch_.sent_together().value(), 0U);
}

TEST_F(send_batch_test, waits_for_no_socket_that_is_full) {
  b_.fill();
  batch_.open();
  EXPECT_TRUE(a_.add(batch_, "one"));
  EXPECT_TRUE(b_.add(batch_, "two"));
  EXPECT_TRUE(c_.add(batch_, "three"));
  batch_.close();
  EXPECT_EQ(a_.read(), "one");
  EXPECT_EQ(c_.read(), "three");
  EXPECT_THAT(log_, ElementsAre("b sent 0 of 3"));
  EXPECT_EQ(b_.sent->then, next_step::wait);
}

TEST_F(send_batch_test, says_that_a_connection_has_ended) {
  b_.close_peer();
  batch_.open();
  EXPECT_TRUE(a_.add(batch_, "one"));
  EXPECT_TRUE(b_.add(batch_, "two"));
  batch_.close();
  EXPECT_EQ(a_.read(), "one");
  ASSERT_TRUE(b_.sent);
  EXPECT_EQ(b_.sent->then, next_step::ended);
}

TEST_F(send_batch_test, takes_so_many_at_once_and_again_as_often_as_asked) {
  std::vector<std::unique_ptr<connected>> many;
  for (std::size_t i = 0; i < send_batch::most_sends; ++i)
    many.push_back(std::make_unique<connected>(log_, std::to_string(i)));
  for (int round = 0; round < 3; ++round) {
    batch_.open();
    for (const auto& each : many)
      ASSERT_TRUE(each->add(batch_, "to each"));
    EXPECT_FALSE(a_.add(batch_, "one more"));
    batch_.close();
    for (const auto& each : many)
      ASSERT_EQ(each->read(), "to each");
    // So that the next round begins elsewhere in the ring.
    batch_.open();
    EXPECT_TRUE(a_.add(batch_, "a"));
    EXPECT_TRUE(b_.add(batch_, "b"));
    EXPECT_TRUE(c_.add(batch_, "c"));
    batch_.close();
    EXPECT_EQ(a_.read() + b_.read() + c_.read(), "abc");
  }
  EXPECT_THAT(log_, SizeIs(0));
}

TEST_F(send_batch_test, takes_nothing_that_is_too_long_to_gain_by_it) {
  batch_.open();
  EXPECT_FALSE(a_.add(batch_, std::string(send_batch::most_bytes + 1, 'x')));
  batch_.close();
}

TEST_F(send_batch_test, takes_nothing_where_it_is_not_wanted) {
  send_batch none(false);
  none.open();
  EXPECT_FALSE(a_.add(none, "one"));
  none.close();
}

}  // namespace
}  // namespace flowcast::realtime
