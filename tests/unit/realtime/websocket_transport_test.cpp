#include "realtime/websocket_transport.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace flowcast::realtime {
namespace {

// Hears nothing that these tests are about.
class deaf_user final : public websocket_user {
 public:
  void on_websocket_message(websocket_transport& /*from*/, std::string_view /*message*/,
                            bool /*binary*/) override {}
  void on_websocket_part(websocket_transport& /*from*/) override {}
  void on_websocket_ping(websocket_transport& /*from*/) override {}
  void on_websocket_drained(websocket_transport& /*from*/) override { ++drained; }
  void on_websocket_gone(websocket_transport& /*from*/, end_reason why) override { gone = why; }

  int drained = 0;
  std::optional<end_reason> gone;
};

// Two of them in one batch, the other end of the first at hand.
class websocket_transport_test : public testing::Test {
 protected:
  ~websocket_transport_test() override { ::close(peer_); }

  static int end_of_a_pair(int& peer) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
    peer = ends[1];
    return ends[0];
  }

  std::string read() {
    std::string all;
    std::array<char, 4096> some{};
    for (;;) {
      const ssize_t size = ::recv(peer_, some.data(), some.size(), MSG_DONTWAIT);
      if (size <= 0)
        return all;
      all.append(some.data(), static_cast<std::size_t>(size));
    }
  }
  // How many bytes the socket took until it was full.
  std::size_t fill() {
    const std::string some(4096, 'x');
    std::size_t all = 0;
    for (std::size_t taken = some.size(); taken == some.size(); all += taken)
      taken = transport_.write_some(some);
    return all;
  }

  boost::asio::io_context context_{1};
  socket_set sockets_{context_};
  departures leaving_{context_};
  send_batch together_;
  operations::tally queued_;
  operations::backlog backlog_{queued_, 0, [] {}};
  websocket_context with_{sockets_, leaving_, together_, 1000, 100'000, backlog_};
  deaf_user user_;
  int peer_ = -1;
  int other_peer_ = -1;
  websocket_transport transport_{with_, stream(end_of_a_pair(peer_)),
                                 protocol::engine_revision::four, false, user_};
  websocket_transport other_{with_, stream(end_of_a_pair(other_peer_)),
                             protocol::engine_revision::four, false, user_};
};

TEST_F(websocket_transport_test, sends_behind_the_batch_what_comes_while_that_is_open) {
  together_.open();
  EXPECT_EQ(other_.write_some("-"), 1U);
  EXPECT_EQ(transport_.write_some("first "), 6U);
  transport_.write_all("second");
  together_.close();
  EXPECT_EQ(read(), "first second");
}

TEST_F(websocket_transport_test, queues_what_its_socket_does_not_take_when_the_batch_closes) {
  const std::size_t before = fill();
  ASSERT_TRUE(transport_.start());
  together_.open();
  EXPECT_EQ(other_.write_some("-"), 1U);
  EXPECT_EQ(transport_.write_some("first "), 6U);
  together_.close();
  EXPECT_FALSE(transport_.drained());
  EXPECT_EQ(transport_.waiting(), 6U);
  EXPECT_EQ(queued_.value(), 6U);
  EXPECT_EQ(transport_.write_some("offered again later"), 0U);
  transport_.write_all("second");
  EXPECT_EQ(read(), std::string(before, 'x'));
  while (user_.drained == 0)
    context_.run_one();
  EXPECT_EQ(read(), "first second");
  EXPECT_EQ(queued_.value(), 0U);
}

TEST_F(websocket_transport_test, tells_its_user_later_that_the_batch_found_nobody_there) {
  ::close(std::exchange(peer_, -1));
  together_.open();
  EXPECT_EQ(other_.write_some("-"), 1U);
  EXPECT_EQ(transport_.write_some("first"), 5U);
  together_.close();
  EXPECT_EQ(user_.gone, std::nullopt);
  context_.poll();
  EXPECT_EQ(user_.gone, end_reason::transport_closed);
}

}  // namespace
}  // namespace flowcast::realtime
