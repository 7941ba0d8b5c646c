#include "http/door.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/http/running_door.hpp"

namespace flowcast::http {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string get(std::string_view target, std::string_view more = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n" + std::string(more) + "\r\n";
}

std::string post(std::string_view body) {
  return "POST /microflow HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
         "Content-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

constexpr std::string_view upgrade =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

stores::written one_record(std::string json) {
  return {{{records::record_id(1), "", std::move(json)}}, {}, false};
}

TEST(door, answers_one_request_after_the_other_on_one_connection) {
  running_door running;
  running.store.write_answer = one_record(R"({"text":"a","id":1})");
  raw_client client(running.port());
  for (int i = 0; i < 3; ++i) {
    client.say(post(R"({"text":"a"})"));
    EXPECT_THAT(client.response(),
                AllOf(StartsWith("HTTP/1.1 201 Created\r\n"), EndsWith(R"({"text":"a","id":1})")));
  }
}

TEST(door, answers_pipelined_requests_in_order) {
  running_door running;
  raw_client client(running.port());
  client.say(get("/healthz") + get("/socket.io/?one") + get("/readyz") + get("/socket.io/?two"));
  EXPECT_THAT(client.response(), EndsWith("ok\n"));
  EXPECT_THAT(client.response(), EndsWith("one"));
  EXPECT_THAT(client.response(), EndsWith(R"({"ready":true})"));
  EXPECT_THAT(client.response(), EndsWith("two"));
}

// More than leave together, each by a connection of its own and ready at once: the shard is busy
// while they arrive.
TEST(door, answers_all_who_ask_at_once) {
  running_door running;
  std::vector<std::unique_ptr<raw_client>> clients;
  for (int i = 0; i < 100; ++i)
    clients.push_back(std::make_unique<raw_client>(running.port()));
  clients.front()->say(get("/healthz"));
  EXPECT_THAT(clients.front()->response(), EndsWith("ok\n"));
  running.run([&] {
    for (std::size_t i = 0; i < clients.size(); ++i) {
      clients[i]->say(get("/socket.io/?" + std::to_string(i)) +
                      (i % 3 == 0 ? get("/healthz") : ""));
      if (i % 10 == 9)
        clients[i]->leave();
    }
  });
  for (std::size_t i = 0; i < clients.size(); ++i) {
    if (i % 10 == 9)
      continue;
    EXPECT_THAT(clients[i]->response(), EndsWith("\r\n\r\n" + std::to_string(i)));
    if (i % 3 == 0) {
      EXPECT_THAT(clients[i]->response(), EndsWith("ok\n"));
    }
  }
}

// The first readiness of its socket is told in the turn in which its poll is answered, and after.
TEST(door, loses_no_answer_to_a_connection_that_is_ready_later_in_the_same_turn) {
  running_door running;
  running.engine.holds_polls = true;
  raw_client sender(running.port());
  sender.say(get("/healthz"));
  EXPECT_THAT(sender.response(), EndsWith("ok\n"));
  for (int i = 0; i < 20; ++i) {
    std::unique_ptr<raw_client> poller;
    running.run([&] {
      poller = std::make_unique<raw_client>(running.port());
      poller->say(get("/socket.io/?poll", "Connection: close\r\n"));
      sender.say(get("/socket.io/?release"));
    });
    EXPECT_THAT(sender.response(), EndsWith("release"));
    sender.say(get("/socket.io/?release"));  // should it have come before the poll
    EXPECT_THAT(sender.response(), EndsWith("release"));
    EXPECT_THAT(poller->response(), EndsWith("released"));
  }
}

TEST(door, looks_at_no_further_request_while_one_is_answered) {
  running_door running;
  running.engine.holds_polls = true;
  raw_client client(running.port());
  client.say(get("/socket.io/?poll") + get("/healthz"));
  ASSERT_TRUE(running.engine.wait_until([&] { return running.engine.held.size() == 1; }));
  running.run([&] { running.engine.held[0]({200, "text/plain", "polled"}); });
  EXPECT_THAT(client.response(), EndsWith("polled"));
  EXPECT_THAT(client.response(), EndsWith("ok\n"));
}

TEST(door, reads_a_request_that_comes_byte_by_byte) {
  running_door running;
  running.store.write_answer = one_record("{}");
  raw_client client(running.port());
  for (const char c : post("{}"))
    client.say({&c, 1});
  EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 201"));
}

TEST(door, lets_a_waiting_client_send_its_body) {
  running_door running;
  running.store.write_answer = one_record("{}");
  raw_client client(running.port());
  client.say(
      "POST /microflow HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.response(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.say("{}");
  EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 201"));
}

TEST(door, answers_a_client_that_says_no_more) {
  running_door running;
  raw_client client(running.port());
  client.say(get("/healthz"));
  client.finish();
  EXPECT_THAT(client.rest(), EndsWith("ok\n"));
}

TEST(door, ends_the_connection_where_the_client_asks_for_it) {
  running_door running;
  raw_client client(running.port());
  client.say(get("/healthz", "Connection: close\r\n"));
  EXPECT_THAT(client.rest(), AllOf(HasSubstr("\r\nConnection: close\r\n"), EndsWith("ok\n")));
}

TEST(door, answers_a_body_that_is_too_large_before_it_ends_the_connection) {
  running_door running;
  raw_client client(running.port());
  client.say("POST /microflow HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n");
  client.say(std::string(3'000'000, 'x'));
  client.finish();
  EXPECT_THAT(client.rest(),
              AllOf(StartsWith("HTTP/1.1 413 Payload Too Large\r\n"),
                    HasSubstr("\r\nConnection: close\r\n"), HasSubstr("\"PayloadTooLarge\"")));
  EXPECT_TRUE(running.store.writes.empty());
}

TEST(door, answers_what_is_no_http_and_ends_the_connection) {
  running_door running;
  raw_client client(running.port());
  client.say("nonsense\r\n\r\n");
  client.finish();
  EXPECT_THAT(client.rest(), StartsWith("HTTP/1.1 400 Bad Request\r\n"));
}

TEST(door, sends_a_large_answer_to_a_slow_reader_whole) {
  running_door running;
  const std::string large(8'000'000, 'x');
  running.store.get_answer = records::record{records::record_id(1), "", large};
  raw_client client(running.port(), 4096);
  client.say(get("/microflow/1") + get("/healthz"));
  EXPECT_THAT(client.response(), EndsWith("\r\n\r\n" + large));
  EXPECT_THAT(client.response(), EndsWith("ok\n"));
}

TEST(door, gives_up_on_a_head_that_does_not_arrive) {
  http_options options;
  options.header_timeout = std::chrono::milliseconds(100);
  running_door running(options);
  raw_client slow(running.port());
  slow.say("GET /microflow HTTP/1.1\r\nHost:");
  raw_client silent(running.port());
  EXPECT_THAT(slow.response(), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
  EXPECT_TRUE(silent.has_ended());
}

TEST(door, gives_up_on_a_body_that_does_not_arrive) {
  http_options options;
  options.body_timeout = std::chrono::milliseconds(100);
  running_door running(options);
  raw_client slow(running.port());
  slow.say("POST /microflow HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{");
  EXPECT_THAT(slow.response(), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
}

TEST(door, ends_a_connection_that_is_idle_for_too_long) {
  http_options options;
  options.idle_timeout = std::chrono::milliseconds(100);
  running_door running(options);
  raw_client client(running.port());
  client.say(get("/healthz"));
  EXPECT_THAT(client.rest(), EndsWith("ok\n"));
}

TEST(door, gives_up_on_a_client_that_does_not_read) {
  http_options options;
  options.write_timeout = std::chrono::milliseconds(100);
  running_door running(options);
  running.store.get_answer =
      records::record{records::record_id(1), "", std::string(20'000'000, 'x')};
  raw_client client(running.port(), 4096);
  client.say(get("/microflow/1"));
  while (running.way_in().connections() == 0) {
  }
  while (running.way_in().connections() != 0) {
  }
  EXPECT_LT(client.rest().size(), 20'000'000U);
}

TEST(door, hands_engine_io_its_requests) {
  running_door running;
  raw_client client(running.port());
  client.say(
      "POST /socket.io/?EIO=3&sid=a HTTP/1.1\r\nHost: x\r\nOrigin: http://a.b\r\n"
      "Authorization: Bearer t\r\nContent-Type: application/octet-stream\r\n"
      "Content-Length: 3\r\n\r\nabc");
  EXPECT_THAT(client.response(),
              AllOf(HasSubstr("Access-Control-Allow-Origin: http://a.b\r\n"),
                    HasSubstr("Access-Control-Allow-Credentials: true\r\n"),
                    HasSubstr("Cache-Control: no-store\r\n"), EndsWith("EIO=3&sid=a")));
  const realtime::engine_request& request = running.engine.requests.at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.body, "abc");
  EXPECT_TRUE(request.binary_body);
  EXPECT_EQ(request.origin, "http://a.b");
  EXPECT_EQ(request.authorization, "Bearer t");
  EXPECT_EQ(request.address, "127.0.0.1");
  EXPECT_FALSE(request.upgrade);
}

TEST(door, lets_go_of_a_poll_whose_client_goes_away) {
  running_door running;
  running.engine.holds_polls = true;
  raw_client polite(running.port());
  raw_client rude(running.port());
  polite.say(get("/socket.io/?one"));
  rude.say(get("/socket.io/?two"));
  ASSERT_TRUE(running.engine.wait_until([&] { return running.engine.held.size() == 2; }));
  EXPECT_EQ(running.engine.aborted, 0);
  polite.finish();
  rude.leave();
  EXPECT_TRUE(running.engine.wait_until([&] { return running.engine.aborted == 2; }));
  // An answer that comes too late goes nowhere.
  running.run([&] {
    for (const auto& done : running.engine.held)
      done({200, "text/plain", "late"});
  });
  EXPECT_EQ(polite.rest(), "");
}

TEST(door, opens_a_websocket_and_gives_it_away_with_what_came_behind) {
  running_door running;
  raw_client client(running.port());
  client.say(get("/socket.io/?EIO=4&transport=websocket", upgrade) + "\x81\x80....");
  const std::string answer = client.response(true);
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 101 Switching Protocols\r\n"),
                            HasSubstr("Upgrade: websocket\r\nConnection: Upgrade\r\n"),
                            HasSubstr("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"),
                            HasSubstr("Access-Control-Allow-Origin: *\r\n")));
  ASSERT_TRUE(running.engine.wait_until([&] { return running.engine.adopted.has_value(); }));
  EXPECT_EQ(running.engine.received, "\x81\x80....");
  EXPECT_TRUE(running.engine.requests.at(0).upgrade);
  EXPECT_EQ(running.way_in().connections(), 0U);
  EXPECT_EQ(running.engine.adopted->send("hello").bytes, 5U);
  running.engine.adopted.reset();
  EXPECT_EQ(client.rest(), "hello");
}

TEST(door, opens_a_websocket_on_a_connection_that_was_used_before) {
  running_door running;
  raw_client client(running.port());
  client.say(get("/healthz"));
  EXPECT_THAT(client.response(), EndsWith("ok\n"));
  client.say(get("/socket.io/?EIO=4&transport=websocket", upgrade));
  EXPECT_THAT(client.response(true), StartsWith("HTTP/1.1 101"));
  ASSERT_TRUE(running.engine.wait_until([&] { return running.engine.adopted.has_value(); }));
  running.engine.adopted.reset();
}

TEST(door, refuses_a_websocket_that_engine_io_does_not_want) {
  running_door running;
  running.engine.refusal = realtime::engine_response{400, "text/html", "Session ID unknown"};
  raw_client client(running.port());
  client.say(get("/socket.io/?sid=x", upgrade));
  EXPECT_THAT(client.rest(),
              AllOf(StartsWith("HTTP/1.1 400"), EndsWith("\r\n\r\nSession ID unknown")));
}

TEST(door, refuses_a_websocket_handshake_that_is_none) {
  running_door running;
  for (const char* fields : {"Sec-WebSocket-Version: 12\r\nSec-WebSocket-Key: "
                             "dGhlIHNhbXBsZSBub25jZQ==\r\n",
                             "Sec-WebSocket-Version: 13\r\n",
                             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n"}) {
    raw_client client(running.port());
    client.say(get("/socket.io/?EIO=4",
                   std::string("Connection: Upgrade\r\nUpgrade: websocket\r\n") + fields));
    EXPECT_THAT(client.rest(), AllOf(StartsWith("HTTP/1.1 400"), HasSubstr("Missing or invalid")))
        << fields;
  }
}

TEST(door, refuses_a_websocket_of_an_origin_that_is_not_allowed) {
  http_options options;
  options.allowed_origins = {"https://a.b"};
  running_door running(options);
  raw_client evil(running.port());
  evil.say(get("/socket.io/?EIO=4", std::string(upgrade) + "Origin: https://evil\r\n"));
  EXPECT_THAT(evil.rest(), StartsWith("HTTP/1.1 403 Forbidden\r\n"));
  raw_client good(running.port());
  good.say(get("/socket.io/?EIO=4", std::string(upgrade) + "Origin: https://a.b\r\n"));
  EXPECT_THAT(good.response(true), StartsWith("HTTP/1.1 101"));
  ASSERT_TRUE(running.engine.wait_until([&] { return running.engine.adopted.has_value(); }));
  running.engine.adopted.reset();
}

TEST(door, answers_options_everywhere) {
  running_door running;
  raw_client client(running.port());
  for (const char* target : {"/microflow", "/socket.io/?sid=x", "/unknown", "*"}) {
    client.say("OPTIONS " + std::string(target) +
               " HTTP/1.1\r\nHost: x\r\nAccess-Control-Request-Headers: content-type\r\n\r\n");
    EXPECT_THAT(client.response(),
                AllOf(StartsWith("HTTP/1.1 204 No Content\r\n"),
                      HasSubstr("Access-Control-Allow-Headers: content-type\r\n")));
  }
}

TEST(door, shows_its_page_to_browsers_and_not_to_programs) {
  running_door running;
  raw_client client(running.port());
  client.say(get("/", "Accept: text/html\r\n"));
  EXPECT_THAT(client.response(), HasSubstr("<h1>Flowcast</h1>"));
  client.say(get("/", "Accept: application/json\r\n"));
  EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 404"));
}

TEST(door, ends_idle_connections_and_accepts_no_more_when_it_drains) {
  running_door running;
  running.engine.holds_polls = true;
  raw_client idle(running.port());
  idle.say(get("/healthz"));
  EXPECT_THAT(idle.response(), EndsWith("ok\n"));
  raw_client busy(running.port());
  busy.say(get("/socket.io/?poll"));
  ASSERT_TRUE(running.engine.wait_until([&] { return running.engine.held.size() == 1; }));

  running.run([&] { running.way_in().drain(); });
  EXPECT_TRUE(idle.has_ended());
  EXPECT_THROW(raw_client late(running.port()), std::runtime_error);
  running.run([&] { running.engine.held[0]({200, "text/plain", "last"}); });
  EXPECT_THAT(busy.rest(), AllOf(HasSubstr("Connection: close\r\n"), EndsWith("last")));
  EXPECT_EQ(running.way_in().connections(), 0U);
}

TEST(door, turns_away_more_connections_than_there_is_room_for) {
  http_options options;
  options.max_connections = 1;
  running_door running(options);
  raw_client first(running.port());
  first.say(get("/healthz"));
  EXPECT_THAT(first.response(), EndsWith("ok\n"));
  raw_client second(running.port());
  EXPECT_THAT(second.rest(), StartsWith("HTTP/1.1 503 Service Unavailable\r\nRetry-After: "));
  first.say(get("/healthz"));
  EXPECT_THAT(first.response(), EndsWith("ok\n"));
}

TEST(door, counts_a_websocket_as_long_as_its_session_lasts) {
  http_options options;
  options.max_connections = 1;
  running_door running(options);
  raw_client first(running.port());
  first.say(get("/socket.io/?EIO=4", upgrade));
  ASSERT_TRUE(running.engine.wait_until([&] { return running.engine.adopted.has_value(); }));
  raw_client second(running.port());
  EXPECT_THAT(second.rest(), StartsWith("HTTP/1.1 503"));
  running.engine.adopted.reset();
  raw_client third(running.port());
  third.say(get("/healthz"));
  EXPECT_THAT(third.response(), EndsWith("ok\n"));
}

TEST(door, answers_429_to_who_publishes_too_often) {
  http_options options;
  options.max_publishes = 1;
  running_door running(options);
  running.store.write_answer = one_record("{}");
  raw_client client(running.port());
  client.say(post("{}"));
  EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 201"));
  client.say(post("{}"));
  EXPECT_THAT(client.response(),
              AllOf(StartsWith("HTTP/1.1 429 Too Many Requests\r\n"),
                    HasSubstr("\r\nRetry-After: 1\r\n"), HasSubstr("\"TooManyRequests\"")));
  client.say(get("/microflow"));
  EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 200"));
}

TEST(door, takes_the_word_of_a_trusted_proxy_on_where_a_client_is) {
  http_options options;
  options.proxies = {trusted_proxies::parse("127.0.0.1").value()};
  running_door running(options);
  raw_client client(running.port());
  client.say(get("/socket.io/?x", "X-Forwarded-For: 1.2.3.4\r\n"));
  EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(running.engine.requests.at(0).address, "1.2.3.4");
}

TEST(listen_on, takes_no_port_that_another_listens_on) {
  const running_door running;
  listen_address taken{"127.0.0.1", running.port()};
  boost::asio::io_context context;
  const std::array contexts = {&context};
  try {
    const auto made = listen_on(taken, contexts);
    FAIL() << "the port was shared";
  } catch (const std::runtime_error& refused) {
    EXPECT_THAT(refused.what(), HasSubstr("another process listens there"));
  }
}

}  // namespace
}  // namespace flowcast::http
