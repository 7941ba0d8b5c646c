#include "http/rest.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/services/fake_store.hpp"

namespace flowcast::http {
namespace {

using records::errc;
using services::method;
using testing::HasSubstr;

class rest_test : public testing::Test {
 protected:
  rest_test() : all_(two(), store_) {}

  static std::vector<services::service_options> two() {
    std::vector<services::service_options> made(2);
    made[0].definition.name = "microflow";
    made[1].definition.name = "orders";
    return made;
  }

  request& ask(verb how, std::string method, std::string target) {
    in_ = request();
    in_.verb = how;
    in_.method = std::move(method);
    in_.target = std::move(target);
    return in_;
  }

  rest_call call() {
    auto read = read_call(in_, all_, 1000);
    if (const auto* refused = std::get_if<no_call>(&read)) {
      ADD_FAILURE() << refused->answer.status << ' ' << refused->answer.body;
      return {};
    }
    return std::get<rest_call>(std::move(read));
  }

  response refusal() {
    auto read = read_call(in_, all_, 1000);
    if (std::holds_alternative<rest_call>(read)) {
      ADD_FAILURE() << "was not refused";
      return {};
    }
    return std::get<no_call>(std::move(read)).answer;
  }

  services::fake_store store_;
  services::service_registry all_;
  request in_;
};

TEST_F(rest_test, maps_methods_and_paths_to_calls) {
  struct row {
    verb how;
    const char* target;
    method what;
    const char* id;
  };
  for (const row& one : {row{verb::get, "/microflow", method::find, nullptr},
                         row{verb::get, "/microflow/", method::find, nullptr},
                         row{verb::head, "/microflow", method::find, nullptr},
                         row{verb::get, "/microflow/7", method::get, "7"},
                         row{verb::get, "/microflow/7/", method::get, "7"},
                         row{verb::get, "//microflow", method::find, nullptr},
                         row{verb::get, "//microflow//", method::find, nullptr},
                         row{verb::get, "//microflow/7//", method::get, "7"},
                         row{verb::get, "/microflow/a%2Fb%20c", method::get, "a/b c"},
                         row{verb::get, "/microflow/%zz", method::get, "%zz"},
                         row{verb::get, "/microflow/__proto__", method::get, "__proto__"},
                         row{verb::post, "/microflow", method::create, nullptr},
                         row{verb::post, "/microflow/1", method::create, "1"},
                         row{verb::put, "/microflow/1", method::update, "1"},
                         row{verb::patch, "/microflow", method::patch, nullptr},
                         row{verb::remove, "/microflow/x", method::remove, "x"}}) {
    ask(one.how, "X", one.target);
    const rest_call made = call();
    EXPECT_EQ(made.service, all_.find("microflow")) << one.target;
    EXPECT_EQ(made.call.what, one.what) << one.target;
    ASSERT_EQ(made.call.id.has_value(), one.id != nullptr) << one.target;
    if (one.id != nullptr) {
      EXPECT_EQ(made.call.id->text(), one.id);
    }
  }
}

TEST_F(rest_test, finds_the_service_by_its_name) {
  ask(verb::get, "GET", "/orders");
  EXPECT_EQ(call().service, all_.find("orders"));
}

TEST_F(rest_test, answers_404_for_paths_that_are_no_service) {
  for (const char* target : {"/unknown", "/", "", "*", "//", "/microflow/1/2", "/microflow//1",
                             "/MicroFlow", "/microflow%2F1", "/../microflow", "/microflow;x"}) {
    ask(verb::get, "GET", target);
    const response refused = refusal();
    EXPECT_EQ(refused.status, 404U) << target;
    EXPECT_THAT(refused.body, HasSubstr("Page not found")) << target;
  }
  ask(verb::get, "GET", "/unknown?a=\"b\"");
  EXPECT_EQ(refusal().body,
            R"({"name":"NotFound","message":"Page not found","code":404,"className":"not-found",)"
            R"("data":{"url":"/unknown?a=\"b\""}})");
}

TEST_F(rest_test, answers_405_for_methods_that_are_none) {
  ask(verb::other, "TRACE", "/microflow");
  const response refused = refusal();
  EXPECT_EQ(refused.status, 405U);
  EXPECT_EQ(refused.body,
            R"({"name":"MethodNotAllowed","message":"Method TRACE not allowed","code":405,)"
            R"("className":"method-not-allowed"})");
  EXPECT_THAT(refused.headers, HasSubstr("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));

  ask(verb::post, "POST", "/microflow").service_method = "watch";
  EXPECT_THAT(refusal().body, HasSubstr("Method `watch` is not supported by this endpoint."));
  ask(verb::put, "PUT", "/microflow/1").service_method = "find";
  EXPECT_THAT(refusal().body, HasSubstr("Method `update` is not supported by this endpoint."));
  ask(verb::put, "PUT", "/microflow/1").service_method = "watch";
  EXPECT_EQ(call().call.what, services::method::update);
}

TEST_F(rest_test, reads_query_body_and_headers) {
  request& in = ask(verb::post, "POST", "/microflow?$select[]=text&$deliverAfter=250");
  in.content_type = "application/json";
  in.body = R"({"text": "a"})";
  in.idempotency_key = "key";
  const rest_call made = call();
  EXPECT_EQ(made.call.document, R"({"text": "a"})");
  EXPECT_EQ(made.call.idempotency_key, "key");
  EXPECT_TRUE(made.call.query.has_select());
  EXPECT_EQ(made.call.query.deliver_after.count(), 250);
}

TEST_F(rest_test, takes_the_delay_from_a_header_too) {
  ask(verb::post, "POST", "/microflow").deliver_after = "500";
  EXPECT_EQ(call().call.query.deliver_after.count(), 500);
  for (const char* text : {"soon", "-1", "1.5", "99999999999", " 1"}) {
    ask(verb::post, "POST", "/microflow").deliver_after = text;
    EXPECT_EQ(refusal().status, 400U) << text;
  }
}

TEST_F(rest_test, refuses_a_query_that_makes_no_sense) {
  ask(verb::get, "GET", "/microflow?text[$foo]=1");
  const response refused = refusal();
  EXPECT_EQ(refused.status, 400U);
  EXPECT_THAT(refused.body, HasSubstr("Invalid query parameter $foo"));
}

TEST_F(rest_test, creates_whatever_else_the_query_says) {
  ask(verb::post, "POST", "/microflow?$foo=1&text[$foo]=1&$select[]=text");
  EXPECT_TRUE(call().call.query.has_select());
}

TEST_F(rest_test, reads_no_body_where_there_is_no_document) {
  ask(verb::remove, "DELETE", "/microflow/1").body = "anything";
  EXPECT_EQ(call().call.document, "");
}

TEST_F(rest_test, answers_201_to_post_and_200_to_others) {
  ask(verb::post, "POST", "/microflow");
  response made = answer_to(in_, services::answer{"{}", false});
  EXPECT_EQ(made.status, 201U);
  EXPECT_EQ(made.body, "{}");
  EXPECT_EQ(made.content_type, json_type);
  EXPECT_TRUE(made.etag);
  EXPECT_TRUE(made.vary_accept);
  ask(verb::patch, "PATCH", "/microflow");
  EXPECT_EQ(answer_to(in_, services::answer{"{}", false}).status, 200U);
}

TEST_F(rest_test, marks_a_repeat) {
  ask(verb::post, "POST", "/microflow");
  EXPECT_EQ(answer_to(in_, services::answer{"{}", true}).headers, "Idempotency-Replayed: true\r\n");
}

TEST_F(rest_test, lays_json_out_for_a_browser) {
  ask(verb::get, "GET", "/microflow").accept = "text/html,application/xhtml+xml,*/*;q=0.8";
  const response made = answer_to(in_, services::answer{R"({"total":0})", false});
  EXPECT_EQ(made.body, "{\n  \"total\": 0\n}\n");
  EXPECT_EQ(made.content_type, json_type);
}

TEST_F(rest_test, gives_errors_as_html_only_to_who_reads_nothing_else) {
  const records::error wrong{errc::not_found, "No record <b>", "", std::chrono::seconds(0)};
  ask(verb::get, "GET", "/microflow/9").accept = "text/html";
  EXPECT_EQ(answer_to(in_, wrong).content_type, html_type);
  EXPECT_THAT(answer_to(in_, wrong).body, HasSubstr("No record &lt;b&gt;"));
  for (const char* accept : {"", "*/*", "application/json", "text/html, application/json"}) {
    ask(verb::get, "GET", "/microflow/9").accept = accept;
    EXPECT_EQ(answer_to(in_, wrong).content_type, json_type) << accept;
  }
}

TEST_F(rest_test, says_when_to_come_back) {
  ask(verb::post, "POST", "/microflow");
  const response made =
      answer_to(in_, records::error{errc::unavailable, "away", "", std::chrono::seconds(3)});
  EXPECT_EQ(made.status, 503U);
  EXPECT_EQ(made.headers, "Retry-After: 3\r\n");
}

}  // namespace
}  // namespace flowcast::http
