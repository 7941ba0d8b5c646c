#include "http/request_parser.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace flowcast::http {
namespace {

using state = request_parser::state;

class request_parser_test : public testing::Test {
 protected:
  // Everything at once; what is not taken is left.
  state feed(std::string_view bytes) {
    rest_ = bytes;
    while (!rest_.empty()) {
      const std::size_t taken = parser_.feed(rest_);
      rest_.remove_prefix(taken);
      if (taken == 0) {
        break;
      }
    }
    return parser_.at();
  }

  // As a client does that sends `piece` bytes at a time.
  state drip(std::string_view bytes, std::size_t piece) {
    std::string pending;
    while (!bytes.empty() && parser_.at() != state::failed && parser_.at() != state::complete) {
      pending += bytes.substr(0, piece);
      bytes.remove_prefix(std::min(piece, bytes.size()));
      pending.erase(0, parser_.feed(pending));
    }
    return parser_.at();
  }

  unsigned status_for(std::string_view bytes) {
    request_parser fresh(options_);
    while (!bytes.empty()) {
      const std::size_t taken = fresh.feed(bytes);
      bytes.remove_prefix(taken);
      if (taken == 0) {
        break;
      }
    }
    return fresh.at() == state::failed ? fresh.why().status : 0;
  }

  http_options options_;
  request_parser parser_{options_};
  std::string_view rest_;
};

constexpr std::string_view post =
    "POST /microflow?a=b HTTP/1.1\r\nHost: x:1\r\nContent-Type: application/json\r\n"
    "Idempotency-Key: k\r\nX-Service-Method: m\r\nDeliver-After: 5\r\nContent-Length: 2\r\n\r\n{}";

TEST_F(request_parser_test, reads_what_the_server_needs_to_know) {
  ASSERT_EQ(feed(post), state::complete);
  const request& in = parser_.made();
  EXPECT_EQ(in.verb, verb::post);
  EXPECT_EQ(in.method, "POST");
  EXPECT_EQ(in.path(), "/microflow");
  EXPECT_EQ(in.query(), "a=b");
  EXPECT_EQ(in.host, "x:1");
  EXPECT_EQ(in.content_type, "application/json");
  EXPECT_EQ(in.idempotency_key, "k");
  EXPECT_EQ(in.service_method, "m");
  EXPECT_EQ(in.deliver_after, "5");
  EXPECT_EQ(in.body, "{}");
  EXPECT_TRUE(in.keep_alive);
  EXPECT_FALSE(in.upgrade);
}

TEST_F(request_parser_test, reads_the_same_from_any_pieces) {
  for (std::size_t piece = 1; piece < post.size(); ++piece) {
    ASSERT_EQ(drip(post, piece), state::complete) << piece;
    EXPECT_EQ(parser_.made().body, "{}");
    EXPECT_EQ(parser_.made().deliver_after, "5");
    parser_.next();
  }
}

TEST_F(request_parser_test, leaves_the_next_request_to_be_read_next) {
  const std::string two = std::string(post) + "GET /second HTTP/1.1\r\nHost: x\r\n\r\n";
  ASSERT_EQ(feed(two), state::complete);
  EXPECT_EQ(rest_, "GET /second HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string rest(rest_);
  parser_.next();
  ASSERT_EQ(feed(rest), state::complete);
  EXPECT_EQ(parser_.made().target, "/second");
  EXPECT_EQ(parser_.made().body, "");
  EXPECT_EQ(parser_.made().content_type, "");
}

TEST_F(request_parser_test, reads_a_chunked_body_and_ignores_trailers) {
  ASSERT_EQ(feed("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "5\r\n{\"tex\r\n9;ext=1\r\nt\":\"chk\"}\r\n0\r\nOrigin: evil\r\n\r\n"),
            state::complete);
  EXPECT_EQ(parser_.made().body, R"({"text":"chk"})");
  EXPECT_EQ(parser_.made().origin, "");
}

TEST_F(request_parser_test, knows_when_the_connection_is_to_end) {
  ASSERT_EQ(feed("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), state::complete);
  EXPECT_FALSE(parser_.made().keep_alive);
  parser_.next();
  ASSERT_EQ(feed("GET / HTTP/1.0\r\n\r\n"), state::complete);
  EXPECT_FALSE(parser_.made().keep_alive);
  EXPECT_TRUE(parser_.made().http_1_0);
}

TEST_F(request_parser_test, tells_of_an_upgrade_and_of_a_wait_for_100) {
  ASSERT_EQ(feed("GET /socket.io/ HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\n"
                 "Upgrade: websocket\r\nSec-WebSocket-Key: k\r\nSec-WebSocket-Version: 13\r\n\r\n"),
            state::complete);
  EXPECT_TRUE(parser_.made().upgrade);
  EXPECT_EQ(parser_.made().upgrade_to, "websocket");
  EXPECT_EQ(parser_.made().websocket_key, "k");
  EXPECT_EQ(parser_.made().websocket_version, "13");
  parser_.next();
  ASSERT_EQ(feed("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"),
            state::body);
  EXPECT_TRUE(parser_.made().expects_continue);
}

TEST_F(request_parser_test, refuses_to_be_expected_more_of) {
  EXPECT_EQ(status_for("POST / HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n"), 417U);
  EXPECT_EQ(status_for("POST / HTTP/1.1\r\nHost: x\r\nExpect: x, 100-Continue\r\n\r\n"), 0U);
  EXPECT_EQ(status_for("POST / HTTP/1.0\r\nExpect: wonders\r\n\r\n"), 0U);
}

TEST_F(request_parser_test, takes_an_absolute_target_for_its_path) {
  ASSERT_EQ(feed("GET http://host:80/a/b?c HTTP/1.1\r\nHost: x\r\n\r\n"), state::complete);
  EXPECT_EQ(parser_.made().path(), "/a/b");
  EXPECT_EQ(parser_.made().query(), "c");
}

TEST_F(request_parser_test, refuses_a_body_over_the_limit_of_its_path) {
  options_.max_body = 10;
  options_.max_poll_body = 20;
  const auto of = [](std::string_view path, std::size_t size) {
    return "POST " + std::string(path) +
           " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
           std::string(size, 'x');
  };
  EXPECT_EQ(status_for(of("/a", 10)), 0U);
  EXPECT_EQ(status_for(of("/a", 11)), 413U);
  EXPECT_EQ(status_for(of("/socket.io/?x", 20)), 0U);
  EXPECT_EQ(status_for(of("/socket.io/?x", 21)), 413U);
  EXPECT_EQ(status_for("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "6\r\nxxxxxx\r\n5\r\nxxxxx\r\n0\r\n\r\n"),
            413U);
}

TEST_F(request_parser_test, refuses_a_body_over_the_limit_before_it_has_come) {
  EXPECT_EQ(status_for("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000000\r\n\r\nx"), 413U);
}

TEST_F(request_parser_test, refuses_a_head_over_its_limit_however_it_arrives) {
  options_.max_header = 200;
  const std::string long_head =
      "GET / HTTP/1.1\r\nHost: x\r\nX-A: " + std::string(200, 'a') + "\r\n\r\n";
  EXPECT_EQ(status_for(long_head), 431U);
  std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 20; ++i)
    many += "X-A: 12345\r\n";
  many += "\r\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{16}, many.size()}) {
    request_parser fresh(options_);
    std::string pending;
    for (std::size_t at = 0; at < many.size() && fresh.at() == state::head; at += piece) {
      pending += many.substr(at, piece);
      pending.erase(0, fresh.feed(pending));
    }
    EXPECT_EQ(fresh.at(), state::failed) << piece;
    EXPECT_EQ(fresh.why().status, 431U) << piece;
  }
}

TEST_F(request_parser_test, refuses_where_two_servers_could_disagree_on_the_end) {
  const std::string head = "POST /a HTTP/1.1\r\nHost: x\r\n";
  for (const char* fields :
       {"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
        "Content-Length: 2\r\nContent-Length: 3\r\n", "Content-Length: 2, 3\r\n",
        "Content-Length: -2\r\n", "Content-Length: 0x2\r\n", "Content-Length: 2 2\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "Content-Length : 2\r\n",
        "Content-Length:\r\n"})
    EXPECT_EQ(status_for(head + fields + "\r\n{}"), 400U) << fields;
  for (const char* fields : {"Transfer-Encoding: gzip\r\n", "Transfer-Encoding: chunked, gzip\r\n",
                             "Transfer-Encoding: xchunked\r\n"})
    EXPECT_EQ(status_for(head + fields + "\r\n{}"), 501U) << fields;
}

TEST_F(request_parser_test, wants_exactly_one_host) {
  EXPECT_EQ(status_for("GET / HTTP/1.1\r\n\r\n"), 400U);
  EXPECT_EQ(status_for("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"), 400U);
  EXPECT_EQ(status_for("GET / HTTP/1.0\r\n\r\n"), 0U);
}

TEST_F(request_parser_test, refuses_what_is_no_http) {
  for (const char* bytes :
       {"\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\n\n", "GET /\r\nHost: x\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: x\r\n\r\n", "GET / HTTQ/1.1\r\nHost: x\r\n\r\n",
        "G\x01T / HTTP/1.1\r\nHost: x\r\n\r\n", "GET /\x7f HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA B: c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: \x01\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03"})
    EXPECT_EQ(status_for(bytes), 400U) << bytes;
}

// What a handler takes away with the call.
void use_up(request& in) {
  const std::string body = std::move(in.body);
  const std::string key = std::move(in.idempotency_key);
}

constexpr std::string_view publish_head =
    "POST /microflow HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    "Authorization: Bearer a\r\nContent-Length: 9\r\n\r\n";

TEST_F(request_parser_test, a_head_that_is_repeated_means_the_same_with_another_body) {
  for (const char* body : {R"({"a":"b"})", R"({"c":"d"})", R"({"e":"f"})"}) {
    const std::string bytes = std::string(publish_head) + body + "GET";
    ASSERT_EQ(feed(bytes), state::complete);
    EXPECT_EQ(rest_, "GET");
    EXPECT_EQ(parser_.made().verb, verb::post);
    EXPECT_EQ(parser_.made().path(), "/microflow");
    EXPECT_EQ(parser_.made().content_type, "application/json");
    EXPECT_EQ(parser_.made().authorization, "Bearer a");
    EXPECT_TRUE(parser_.made().keep_alive);
    EXPECT_EQ(parser_.made().body, body);
    use_up(parser_.made());
    parser_.next();
    EXPECT_EQ(parser_.at(), state::head);
    EXPECT_FALSE(parser_.has_begun());
  }
}

TEST_F(request_parser_test, a_head_that_is_repeated_may_come_in_pieces) {
  for (const std::size_t piece : {1000U, 40U, 1U, 150U}) {
    ASSERT_EQ(drip(std::string(publish_head) + R"({"a":"b"})", piece), state::complete);
    EXPECT_EQ(parser_.made().authorization, "Bearer a");
    EXPECT_EQ(parser_.made().body, R"({"a":"b"})");
    use_up(parser_.made());
    parser_.next();
  }
}

TEST_F(request_parser_test, nothing_of_a_head_stays_for_one_that_differs) {
  ASSERT_EQ(feed(std::string(publish_head) + R"({"a":"b"})"), state::complete);
  use_up(parser_.made());
  parser_.next();
  ASSERT_EQ(feed("POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"),
            state::complete);
  EXPECT_EQ(parser_.made().path(), "/other");
  EXPECT_EQ(parser_.made().authorization, "");
  EXPECT_EQ(parser_.made().content_type, "");
  EXPECT_EQ(parser_.made().body, "{}");
  use_up(parser_.made());
  parser_.next();
  EXPECT_EQ(feed("POST /microflow HTTP/1.1\r\n\r\n"), state::failed);
}

TEST_F(request_parser_test, a_key_that_is_repeated_is_read_each_time) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(feed(post), state::complete);
    EXPECT_EQ(parser_.made().idempotency_key, "k");
    use_up(parser_.made());
    parser_.next();
  }
}

TEST_F(request_parser_test, takes_no_more_after_a_failure) {
  ASSERT_EQ(feed("nonsense\r\n\r\n"), state::failed);
  EXPECT_EQ(parser_.feed("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 0U);
}

}  // namespace
}  // namespace flowcast::http
