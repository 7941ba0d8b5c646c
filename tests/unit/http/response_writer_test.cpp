#include "http/response_writer.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowcast::http {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

class response_writer_test : public testing::Test {
 protected:
  std::string write(const response& made) {
    std::string out;
    kept_ = writer_.append(out, in_, made, "Access-Control-Allow-Origin: *\r\n");
    return out;
  }

  static response json(unsigned status = 200) {
    response made;
    made.status = status;
    made.content_type = json_type;
    made.body = R"({"text":"guid-0","id":0})";
    made.etag = true;
    made.vary_accept = true;
    return made;
  }

  request in_;
  response_writer writer_;
  bool kept_ = false;
};

TEST_F(response_writer_test, writes_what_express_writes) {
  in_.verb = verb::post;
  EXPECT_THAT(write(json(201)),
              MatchesRegex("HTTP/1.1 201 Created\r\n"
                           "Access-Control-Allow-Origin: \\*\r\n"
                           "Vary: Accept\r\n"
                           "Content-Type: application/json; charset=utf-8\r\n"
                           "Content-Length: 24\r\n"
                           "ETag: W/\"18-PQdmfuMIq\\+/5Vy20NmX41RvIl2g\"\r\n"
                           "Date: [A-Z][a-z]+, [0-9]+ [A-Z][a-z]+ [0-9]+ [0-9:]+ GMT\r\n"
                           "\r\n"
                           "\\{\"text\":\"guid-0\",\"id\":0\\}"));
  EXPECT_TRUE(kept_);
}

TEST_F(response_writer_test, says_that_the_connection_ends) {
  in_.keep_alive = false;
  EXPECT_THAT(write(json()), HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_FALSE(kept_);
  in_.keep_alive = true;
  response last = json();
  last.close = true;
  EXPECT_THAT(write(last), HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_FALSE(kept_);
}

TEST_F(response_writer_test, tells_an_old_client_that_the_connection_is_kept) {
  in_.http_1_0 = true;
  EXPECT_THAT(write(json()), HasSubstr("\r\nConnection: keep-alive\r\n"));
}

TEST_F(response_writer_test, answers_head_with_the_length_but_no_body) {
  in_.verb = verb::head;
  const std::string out = write(json());
  EXPECT_THAT(out, HasSubstr("Content-Length: 24\r\n"));
  EXPECT_THAT(out, EndsWith("\r\n\r\n"));
}

TEST_F(response_writer_test, answers_304_where_the_client_has_it) {
  in_.verb = verb::get;
  for (const char* tag :
       {R"(W/"18-PQdmfuMIq+/5Vy20NmX41RvIl2g")", R"("18-PQdmfuMIq+/5Vy20NmX41RvIl2g")",
        R"("other" , W/"18-PQdmfuMIq+/5Vy20NmX41RvIl2g")", "*"}) {
    in_.if_none_match = tag;
    const std::string out = write(json());
    EXPECT_THAT(out, StartsWith("HTTP/1.1 304 Not Modified\r\n")) << tag;
    EXPECT_THAT(out, HasSubstr("ETag: W/"));
    EXPECT_THAT(out, Not(HasSubstr("Content-")));
    EXPECT_THAT(out, EndsWith("\r\n\r\n"));
  }
}

TEST_F(response_writer_test, answers_in_full_where_the_client_has_another_or_must_not_rely_on_it) {
  in_.verb = verb::get;
  in_.if_none_match = R"("other", W/"x")";
  EXPECT_THAT(write(json()), StartsWith("HTTP/1.1 200 OK\r\n"));
  in_.if_none_match = "*";
  in_.cache_control = "no-cache";
  EXPECT_THAT(write(json()), StartsWith("HTTP/1.1 200 OK\r\n"));
  in_.cache_control.clear();
  EXPECT_THAT(write(json(404)), StartsWith("HTTP/1.1 404 Not Found\r\n"));
  in_.verb = verb::post;
  EXPECT_THAT(write(json(201)), StartsWith("HTTP/1.1 201 Created\r\n"));
}

TEST_F(response_writer_test, writes_a_status_it_has_no_words_for) {
  response odd;
  odd.status = 418;
  EXPECT_THAT(write(odd), StartsWith("HTTP/1.1 418 \r\n"));
}

}  // namespace
}  // namespace flowcast::http
