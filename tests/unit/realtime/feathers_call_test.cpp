#include "realtime/feathers_call.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "protocol/json_scanner.hpp"
#include "stores/memory_store.hpp"

namespace flowcast::realtime {
namespace {

std::vector<services::service_options> offered() {
  std::vector<services::service_options> all(1);
  all[0].definition.name = "microflow";
  return all;
}

struct feathers_calls : testing::Test {
  auto read(std::string_view arguments) {
    text = arguments;
    socket_event event;
    event.arguments = protocol::scan_json(text).value;
    event.attachments = attachments;
    return read_feathers_call(event, services, 1000);
  }
  std::string refusal(std::string_view arguments) {
    const auto call = read(arguments);
    return call ? "" : call.error().message;
  }

  stores::store_options options{.services = services::definitions(offered())};
  stores::memory_store store{options};
  services::service_registry services{offered(), store};
  std::vector<std::string> attachments;
  std::string text;
};

TEST_F(feathers_calls, are_known_by_their_event) {
  for (const char* const name :
       {"find", "get", "create", "update", "patch", "remove", "microflow::create"}) {
    EXPECT_TRUE(is_feathers_call(name)) << name;
  }
  for (const char* const name :
       {"", "subscribe", "microflow created", "::", "microflow::", "created"}) {
    EXPECT_FALSE(is_feathers_call(name)) << name;
  }
}

TEST_F(feathers_calls, carry_id_data_and_query) {
  const auto call = read(R"(["patch","microflow",7,{"a":1},{"text":"x"}])");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->to->name(), "microflow");
  EXPECT_EQ(call->what.what, services::method::patch);
  EXPECT_EQ(call->what.id->text(), "7");
  EXPECT_EQ(call->what.document, R"({"a":1})");
  EXPECT_FALSE(call->what.query.matches_all());
}

TEST_F(feathers_calls, are_read_in_the_older_form_too) {
  const auto call = read(R"(["microflow::get","a"])");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->what.what, services::method::get);
  EXPECT_EQ(call->what.id->text(), "a");
}

TEST_F(feathers_calls, are_of_many_with_null_for_an_id) {
  const auto call = read(R"(["remove","microflow",null,{"text":"x"}])");
  ASSERT_TRUE(call);
  EXPECT_FALSE(call->what.id);
}

TEST_F(feathers_calls, are_refused_in_feathers_words) {
  EXPECT_EQ(refusal(R"(["find","unknown"])"), "Service 'unknown' not found");
  EXPECT_EQ(refusal(R"(["find",{}])"), "Invalid service path");
  EXPECT_EQ(refusal(R"(["find","microflow",{},{}])"), "Too many arguments for 'find' method");
  EXPECT_EQ(refusal(R"(["get","microflow"])"), "No record found for id 'undefined'");
  EXPECT_EQ(refusal(R"(["get","microflow",{}])"), "No record found for id '[object Object]'");
  EXPECT_EQ(refusal(R"(["update","microflow",null,{}])"),
            "You can not replace multiple instances. Did you mean 'patch'?");
}

TEST_F(feathers_calls, name_their_service_with_slashes_around_it) {
  EXPECT_TRUE(read(R"(["find","/microflow/"])"));
  EXPECT_TRUE(read(R"(["find","microflow/1"])"));
}

TEST_F(feathers_calls, hold_attachments_as_node_writes_buffers) {
  attachments = {std::string("\x01\x02", 2)};
  const auto call = read(R"(["create","microflow",{"b":{"_placeholder":true,"num":0}}])");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->what.document, R"({"b":{"type":"Buffer","data":[1,2]}})");
  EXPECT_FALSE(read(R"(["create","microflow",{"b":{"_placeholder":true,"num":1}}])"));
}

}  // namespace
}  // namespace flowcast::realtime
