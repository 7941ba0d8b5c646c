#include "realtime/engine_session.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/realtime/fake_host.hpp"

namespace flowcast::realtime {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

// What the user of a session was told.
struct told {
  std::vector<std::string> texts;
  std::vector<std::string> binaries;
  int writable = 0;
  int connect_timeouts = 0;
  std::optional<end_reason> end;
};

class recording_user final : public engine_user {
 public:
  explicit recording_user(told& into) : into_(&into) {}
  void on_open() override {}
  void on_text(std::string_view message) override { into_->texts.emplace_back(message); }
  void on_binary(std::string_view message) override { into_->binaries.emplace_back(message); }
  void on_writable() override { ++into_->writable; }
  void on_connect_timeout() override { ++into_->connect_timeouts; }
  void on_end(end_reason why) override { into_->end = why; }
  [[nodiscard]] std::string_view address() const override { return "10.0.0.1"; }

 private:
  told* into_;
};

class polling_session : public testing::TestWithParam<protocol::engine_revision> {
 protected:
  void open(protocol::engine_revision revision, std::size_t max_outbound = 1000) {
    session =
        std::make_unique<engine_session>(host, session_id::make(0, 0), session_handle{}, revision);
    auto transport =
        std::make_unique<polling_transport>(*session, revision, max_outbound, queued_bytes);
    transport->poll(engine_query(), answer());
    session->open_polling(std::move(transport), std::make_unique<recording_user>(user));
    answers.clear();
  }

  respond answer() {
    return [this](engine_response given) {
      answers.push_back(std::to_string(given.status) + " " + given.body);
    };
  }
  void poll() { session->on_poll(engine_query(), answer()); }
  void post(std::string_view body) {
    session->on_post(engine_query(), body, false, [](engine_response) {});
  }

  fake_host host;
  told user;
  operations::tally bytes;
  operations::backlog queued_bytes{bytes, 0, [] {}};
  std::vector<std::string> answers;
  std::unique_ptr<engine_session> session;
};

using engine_4 = polling_session;
using engine_3 = polling_session;

TEST_F(engine_4, is_pinged_and_lives_while_it_answers) {
  open(protocol::engine_revision::four);
  session->connected();
  for (int i = 0; i < 3; ++i) {
    poll();
    host.pass(25s);
    EXPECT_THAT(answers, ElementsAre("200 2"));
    answers.clear();
    host.pass(19s);
    post("3");
  }
  EXPECT_FALSE(host.ended);
}

TEST_F(engine_4, ends_when_it_does_not_answer_the_ping) {
  open(protocol::engine_revision::four);
  session->connected();
  host.pass(25s);
  host.pass(20s);
  EXPECT_EQ(user.end, end_reason::ping_timeout);
  EXPECT_EQ(host.ended, end_reason::ping_timeout);
}

TEST_F(engine_4, may_not_ping) {
  open(protocol::engine_revision::four);
  post("2");
  EXPECT_EQ(user.end, end_reason::transport_error);
}

TEST_F(engine_4, is_told_when_nothing_connects) {
  open(protocol::engine_revision::four);
  host.pass(25s);
  post("3");
  host.pass(20s);
  EXPECT_EQ(user.connect_timeouts, 1);
}

TEST_F(engine_3, pings_and_is_answered) {
  open(protocol::engine_revision::three);
  poll();
  post("1:2");
  EXPECT_THAT(answers, ElementsAre("200 1:3"));
  host.pass(44s);
  EXPECT_FALSE(host.ended);
  host.pass(1s);
  EXPECT_EQ(host.ended, end_reason::ping_timeout);
}

TEST_F(engine_3, may_not_answer_a_ping_that_was_not_sent) {
  open(protocol::engine_revision::three);
  post("1:3");
  EXPECT_EQ(user.end, end_reason::transport_error);
}

TEST_F(polling_session, answers_a_poll_with_all_that_waits) {
  open(protocol::engine_revision::four);
  session->send_text("4one");
  session->send_text("4two");
  poll();
  EXPECT_THAT(answers, ElementsAre("200 4one\x1e"
                                   "4two"));
}

TEST_F(polling_session, ends_at_a_second_poll_beside_the_first) {
  open(protocol::engine_revision::four);
  poll();
  poll();
  EXPECT_THAT(answers, ElementsAre(R"(400 {"code":3,"message":"Bad request"})", "200 1"));
  EXPECT_EQ(user.end, end_reason::transport_error);
}

TEST_F(polling_session, gives_messages_before_a_packet_that_cannot_be_read) {
  open(protocol::engine_revision::four);
  post(
      "4good\x1e"
      "x");
  EXPECT_THAT(user.texts, ElementsAre("good"));
  EXPECT_EQ(user.end, end_reason::parse_error);
}

TEST_F(polling_session, ends_later_when_more_waits_than_it_may) {
  open(protocol::engine_revision::four, 10);
  session->send_text("4" + std::string(20, 'x'));
  ASSERT_EQ(host.planned.size(), 1U);
  EXPECT_EQ(host.planned.front().second, end_reason::too_slow);
  EXPECT_FALSE(host.ended);
}

TEST_F(polling_session, ends_once_with_the_first_reason) {
  open(protocol::engine_revision::four);
  session->end(end_reason::draining);
  session->end(end_reason::too_slow);
  EXPECT_EQ(user.end, end_reason::draining);
  post("4late");
  EXPECT_TRUE(user.texts.empty());
}

TEST_F(polling_session, ends_when_a_poll_is_dropped) {
  open(protocol::engine_revision::four);
  poll();
  session->on_poll_aborted();
  EXPECT_EQ(user.end, end_reason::transport_closed);
}

TEST_F(polling_session, waits_with_its_end_for_what_it_still_has_to_say) {
  open(protocol::engine_revision::four);
  session->send_text("4last words");
  session->end_when_drained(end_reason::refused);
  EXPECT_FALSE(host.ended);
  poll();
  EXPECT_THAT(answers, ElementsAre("200 4last words"));
  EXPECT_EQ(host.ended, end_reason::refused);
}

}  // namespace
}  // namespace flowcast::realtime
