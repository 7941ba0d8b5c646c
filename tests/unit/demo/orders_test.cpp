#include "app/orders.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace flowcast::demo {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* first_order = "32932572275146753";

/// The runtime as a page meets it: JSON in, JSON out.
class the_orders_app : public testing::Test {
 protected:
  the_orders_app() : runtime_(data_, {{"Orders.FlowcastUrl", "http://localhost:3030"}}) {
    add_orders(data_, runtime_, settings_);
  }

  xas::answer run(const std::string& microflow, const json& changes = json::object(),
                  const std::string& guid = first_order) {
    return runtime_.handle(json{
        {"action", "executeaction"},
        {"params", {{"actionname", microflow}, {"guids", {guid}}}},
        {"changes", changes},
        {"user", "Anna"}}.dump());
  }

  json customer(const std::string& guid = first_order) {
    const auto got =
        runtime_.handle(json{{"action", "retrieve_by_ids"}, {"params", {{"ids", {guid}}}}}.dump());
    return got.body.at("objects").at(0).at("attributes").at("Customer").at("value");
  }

  app_settings settings_;
  database data_;
  xas runtime_;
};

TEST_F(the_orders_app, commits_a_save_and_publishes_its_guid) {
  const auto done = run("Orders.ACT_Order_Save", {{first_order, {{"Customer", "Changed"}}}});
  EXPECT_FALSE(done.failed);
  EXPECT_EQ(customer(), "Changed");
  ASSERT_THAT(done.calls, SizeIs(1));
  EXPECT_EQ(done.calls[0].path, "/microflow");
  EXPECT_EQ(done.calls[0].body.dump(), R"({"text":"32932572275146753"})");
  EXPECT_EQ(done.body.at("objects").at(0).at("attributes").at("ChangedBy").at("value"), "Anna");
}

TEST_F(the_orders_app, publishes_the_guid_as_a_number_where_it_is_told_to) {
  settings_.numeric_guid = true;
  settings_.service = "orders";
  const auto done = run("Orders.ACT_Order_Save");
  ASSERT_THAT(done.calls, SizeIs(1));
  EXPECT_EQ(done.calls[0].path, "/orders");
  EXPECT_EQ(done.calls[0].body.dump(), R"({"text":32932572275146753})");
}

TEST_F(the_orders_app, neither_commits_nor_publishes_what_it_refuses) {
  const auto done = run("Orders.ACT_Order_Save", {{first_order, {{"Customer", ""}}}});
  EXPECT_TRUE(done.failed);
  EXPECT_THAT(done.body.at("description"), HasSubstr("needs a customer"));
  EXPECT_THAT(done.calls, IsEmpty());
  EXPECT_EQ(customer(), "Van Dijk Bicycles");
}

TEST_F(the_orders_app, refreshes_to_what_the_database_has_and_leaves_unsaved_changes_to_the_page) {
  const auto done = run("Orders.ACT_Order_Refresh", {{first_order, {{"Customer", "Half typed"}}}});
  EXPECT_EQ(done.body.at("objects").at(0).at("attributes").at("Customer").at("value"),
            "Van Dijk Bicycles");
  EXPECT_EQ(done.body.at("changes"), (json{{first_order, {{"Customer", "Half typed"}}}}));
  EXPECT_THAT(done.calls, IsEmpty());
}

TEST_F(the_orders_app, leaves_no_change_of_what_it_saved) {
  const auto done = run("Orders.ACT_Order_Save", {{first_order, {{"Customer", "Changed"}}}});
  EXPECT_EQ(done.body.at("changes"), json::object());
}

TEST_F(the_orders_app, says_that_a_deleted_order_is_gone) {
  const auto removed = run("Orders.ACT_Order_Delete");
  EXPECT_THAT(removed.calls, SizeIs(2));
  const auto done = run("Orders.ACT_Order_Refresh");
  EXPECT_EQ(done.body.at("instructions").at(0),
            (json{{"type", "remove_object"}, {"guid", first_order}}));
}

TEST_F(the_orders_app, numbers_a_new_order_and_publishes_the_list) {
  const auto made = runtime_.handle(
      R"({"action":"instantiate","params":{"objecttype":"Orders.Order"},"user":"Anna"})");
  const auto guid = made.body.at("actionResult").get<std::string>();
  const auto done = runtime_.handle(json{
      {"action", "executeaction"},
      {"params", {{"actionname", "Orders.ACT_Order_Save"}, {"guids", {guid}}}},
      {"objects", {{{"objectType", "Orders.Order"}, {"guid", guid}}}},
      {"changes",
       {{guid, {{"Customer", "New"}}}}}}.dump());
  ASSERT_FALSE(done.failed) << done.body;
  EXPECT_EQ(done.body.at("objects").at(0).at("attributes").at("Number").at("value"), 1009);
  ASSERT_THAT(done.calls, SizeIs(2));
  EXPECT_EQ(done.calls[1].body, (json{{"text", "Orders.Order"}}));
}

TEST_F(the_orders_app, answers_nonsense_with_a_reason_and_changes_nothing) {
  const char* const nonsense[] = {
      "",
      "[]",
      R"({"action":7})",
      R"({"action":"fly"})",
      R"({"action":"executeaction","params":{"actionname":"Orders.Nothing"}})",
      R"({"action":"executeaction","params":{"actionname":"Orders.ACT_Order_Save","guids":["x"]}})",
      R"({"action":"executeaction","params":{"actionname":"Orders.ACT_Order_Save"},"changes":{"9":{}}})",
      R"({"action":"executeaction","params":{"actionname":"Orders.ACT_Order_Save"},
          "changes":{"32932572275146753":{"Quantity":"many"}}})",
      R"({"action":"executeaction","params":{"actionname":"Orders.ACT_Order_Save"},
          "objects":[7]})",
      R"({"action":"retrieve","params":{"entity":"Orders.Nothing"}})",
      R"({"action":"retrieve","params":{"entity":"Orders.Order","id":7}})",
      R"({"action":"instantiate","params":{"objecttype":[]}})",
  };
  for (const char* const request : nonsense) {
    const auto answer = runtime_.handle(request);
    EXPECT_TRUE(answer.failed) << request;
    EXPECT_EQ(answer.body.at("type"), "exception");
    EXPECT_THAT(answer.calls, IsEmpty());
  }
  EXPECT_EQ(customer(), "Van Dijk Bicycles");
}

}  // namespace
}  // namespace flowcast::demo
