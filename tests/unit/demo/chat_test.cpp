#include "app/chat.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowcast::demo {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class the_chat_app : public testing::Test {
 protected:
  the_chat_app() : runtime_(data_, json::object()) {
    add_chat(data_, runtime_, settings_);
    room_ = ask("retrieve", {{"entity", "Chat.Room"}}).body.at("actionResult").at("ids").at(0);
  }

  xas::answer ask(const std::string& action, const json& params) {
    return runtime_.handle(json{{"action", action}, {"params", params}, {"user", "Anna"}}.dump());
  }

  xas::answer send(const std::string& text, const std::string& client_id = "1") {
    return ask("executeaction", {{"actionname", "Chat.ACT_Message_Send"},
                                 {"guids", {room_}},
                                 {"arguments", {{"Text", text}, {"ClientId", client_id}}}});
  }

  json messages() {
    return ask("retrieve", {{"entity", "Chat.Message"},
                            {"attribute", "Room"},
                            {"value", room_},
                            {"sort", json::array({json::array({"Number", "asc"})})}})
        .body.at("objects");
  }

  app_settings settings_;
  database data_;
  xas runtime_;
  std::string room_;
};

TEST_F(the_chat_app, keeps_a_message_and_publishes_its_room) {
  const auto sent = send("Hello");
  ASSERT_FALSE(sent.failed) << sent.body;
  ASSERT_THAT(sent.calls, SizeIs(1));
  EXPECT_EQ(sent.calls[0].body, (json{{"text", room_}}));
  const auto said = messages();
  ASSERT_THAT(said, SizeIs(2));
  EXPECT_EQ(said[1].at("attributes").at("Text").at("value"), "Hello");
  EXPECT_EQ(said[1].at("attributes").at("Author").at("value"), "Anna");
}

TEST_F(the_chat_app, keeps_a_message_once_that_was_sent_twice_and_publishes_both_times) {
  (void)send("Hello", "same");
  const auto again = send("Hello", "same");
  EXPECT_THAT(again.calls, SizeIs(1));
  EXPECT_THAT(messages(), SizeIs(2));
}

TEST_F(the_chat_app, refuses_a_message_without_text_or_room) {
  EXPECT_THAT(send("").body.at("description"), HasSubstr("between 1 and 1000"));
  EXPECT_TRUE(send(std::string(1001, 'x')).failed);
  room_ = "7";
  EXPECT_THAT(send("Hello").body.at("description"), HasSubstr("does not exist"));
  EXPECT_THAT(send("Hello").calls, IsEmpty());
}

}  // namespace
}  // namespace flowcast::demo
