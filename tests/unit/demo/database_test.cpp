#include "runtime/database.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowcast::demo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class the_database : public testing::Test {
 protected:
  the_database() {
    data_.add({.name = "Shop.Item",
               .number = 117,
               .attributes = {{"Name", attribute_type::string, "", {}},
                              {"Price", attribute_type::decimal, "0", {}},
                              {"Stock", attribute_type::integer, nullptr, {}}}});
  }

  object item(const char* name, const char* price) {
    auto made = data_.instantiate(*data_.find_entity("Shop.Item"));
    EXPECT_TRUE(made.set("Name", name));
    EXPECT_TRUE(made.set("Price", price));
    data_.write(made);
    return made;
  }

  std::vector<std::string> names(const query& q) {
    std::vector<std::string> found;
    for (const auto& o : data_.retrieve(q).objects) {
      found.push_back(o.get("Name").get<std::string>());
    }
    return found;
  }

  database data_;
};

TEST_F(the_database, gives_out_guids_that_javascript_numbers_cannot_tell_apart) {
  const auto first = item("a", "1");
  const auto second = item("b", "2");
  EXPECT_EQ(second.id.value, first.id.value + 1);
  EXPECT_GT(first.id.value, std::int64_t{1} << 53);
  EXPECT_EQ(static_cast<double>(first.id.value), static_cast<double>(second.id.value));
}

TEST_F(the_database, does_not_hold_an_object_before_it_is_written) {
  const auto made = data_.instantiate(*data_.find_entity("Shop.Item"));
  EXPECT_EQ(data_.find(made.id), std::nullopt);
}

TEST_F(the_database, sorts_decimals_by_value) {
  item("dear", "100.5");
  item("cheap", "9.25");
  item("free", "0");
  query all;
  all.entity = "Shop.Item";
  all.sort = {{"Price", true}};
  EXPECT_THAT(names(all), ElementsAre("free", "cheap", "dear"));
  all.sort = {{"Price", false}};
  EXPECT_THAT(names(all), ElementsAre("dear", "cheap", "free"));
}

TEST_F(the_database, gives_a_page_and_the_total) {
  item("a", "1");
  item("b", "2");
  item("c", "3");
  query second;
  second.entity = "Shop.Item";
  second.offset = 1;
  second.amount = 1;
  EXPECT_THAT(names(second), ElementsAre("b"));
  EXPECT_EQ(data_.retrieve(second).total, 3U);
  second.offset = 7;
  EXPECT_THAT(names(second), IsEmpty());
}

TEST_F(the_database, finds_by_attribute_and_by_guid) {
  const auto a = item("a", "1");
  item("b", "2");
  query one;
  one.entity = "Shop.Item";
  one.equals = {"Name", "b"};
  EXPECT_THAT(names(one), ElementsAre("b"));
  one.equals.reset();
  one.id = a.id;
  EXPECT_THAT(names(one), ElementsAre("a"));
  one.entity = "Shop.Nothing";
  EXPECT_THAT(names(one), IsEmpty());
}

TEST_F(the_database, refuses_values_that_an_attribute_cannot_hold) {
  auto o = item("a", "1");
  EXPECT_FALSE(o.set("Price", "1,50"));
  EXPECT_FALSE(o.set("Price", 1.5));
  EXPECT_FALSE(o.set("Stock", "3"));
  EXPECT_FALSE(o.set("Name", std::string(10'001, 'x')));
  EXPECT_FALSE(o.set("Colour", "red"));
  EXPECT_EQ(o.get("Price"), "1");
}

}  // namespace
}  // namespace flowcast::demo
