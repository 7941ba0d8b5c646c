#include "app/planning.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowcast::demo {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class the_planning_app : public testing::Test {
 protected:
  the_planning_app() : runtime_(data_, json::object()) {
    add_planning(data_, runtime_, settings_);
    visit_ =
        ask("retrieve", {{"entity", "Planning.Visit"}}).body.at("actionResult").at("ids").at(0);
  }

  xas::answer ask(const std::string& action, const json& params,
                  const json& changes = json::object(), const std::string& user = "Anna") {
    return runtime_.handle(
        json{{"action", action}, {"params", params}, {"changes", changes}, {"user", user}}.dump());
  }

  xas::answer save(const std::string& user, const json& changes, int seen) {
    return ask("executeaction",
               {{"actionname", "Planning.ACT_Visit_Save"},
                {"guids", {visit_}},
                {"arguments", {{"BaseVersion", seen}}}},
               {{visit_, changes}}, user);
  }

  json attribute(const std::string& name) {
    const auto got = ask("retrieve_by_ids", {{"ids", {visit_}}});
    return got.body.at("objects").at(0).at("attributes").at(name).at("value");
  }

  json field_changes() {
    return ask("retrieve", {{"entity", "Planning.FieldChange"}}).body.at("objects");
  }

  app_settings settings_;
  database data_;
  xas runtime_;
  std::string visit_;
};

TEST_F(the_planning_app, merges_two_saves_of_different_fields) {
  ASSERT_FALSE(save("Anna", {{"Technician", "Karim"}}, 1).failed);
  ASSERT_FALSE(save("Ben", {{"Day", "Friday"}}, 1).failed);
  EXPECT_EQ(attribute("Technician"), "Karim");
  EXPECT_EQ(attribute("Day"), "Friday");
  EXPECT_EQ(attribute("Version"), 3);
}

TEST_F(the_planning_app, tells_who_changed_which_field_from_what_to_what) {
  (void)save("Ben", {{"Technician", "Karim"}}, 1);
  const auto told = field_changes();
  ASSERT_THAT(told, SizeIs(1));
  const auto value = [&](const char* name) {
    return told[0].at("attributes").at(name).at("value");
  };
  EXPECT_EQ(value("Field"), "Technician");
  EXPECT_EQ(value("Before"), "Sofie");
  EXPECT_EQ(value("After"), "Karim");
  EXPECT_EQ(value("ChangedBy"), "Ben");
  EXPECT_EQ(value("Version"), 2);
}

TEST_F(the_planning_app, refuses_to_overwrite_what_the_user_has_not_seen) {
  (void)save("Ben", {{"Technician", "Karim"}}, 1);
  const auto refused = save("Anna", {{"Technician", "Lotte"}}, 1);
  EXPECT_TRUE(refused.failed);
  EXPECT_THAT(refused.body.at("description"), HasSubstr("Ben has changed Technician"));
  EXPECT_THAT(refused.calls, IsEmpty());
  EXPECT_EQ(attribute("Technician"), "Karim");
}

TEST_F(the_planning_app, overwrites_what_the_user_has_seen) {
  (void)save("Ben", {{"Technician", "Karim"}}, 1);
  ASSERT_FALSE(save("Anna", {{"Technician", "Lotte"}}, 2).failed);
  EXPECT_EQ(attribute("Technician"), "Lotte");
}

TEST_F(the_planning_app, takes_two_saves_of_the_same_value_for_one) {
  (void)save("Ben", {{"Technician", "Karim"}}, 1);
  EXPECT_FALSE(save("Anna", {{"Technician", "Karim"}}, 1).failed);
  EXPECT_EQ(attribute("Version"), 2);
  EXPECT_EQ(attribute("ChangedBy"), "Ben");
}

}  // namespace
}  // namespace flowcast::demo
