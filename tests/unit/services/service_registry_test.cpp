#include "services/service_registry.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "unit/services/fake_store.hpp"

namespace flowcast::services {
namespace {

std::vector<service_options> two_services() {
  std::vector<service_options> two(2);
  two[0].definition.name = "microflow";
  two[1].definition.name = "orders";
  return two;
}

TEST(service_registry, finds_services_by_their_exact_name) {
  fake_store store;
  const service_registry registry(two_services(), store);
  ASSERT_NE(registry.find("orders"), nullptr);
  EXPECT_EQ(registry.find("orders")->name(), "orders");
  EXPECT_EQ(registry.find("Orders"), nullptr);
  EXPECT_EQ(registry.find(""), nullptr);
}

TEST(service_registry, numbers_services_in_the_order_the_store_is_opened_with) {
  fake_store store;
  const service_registry registry(two_services(), store);
  EXPECT_EQ(registry.find("orders")->index(), 1U);
  EXPECT_EQ(registry.at(0).name(), "microflow");
  EXPECT_EQ(definitions(two_services()).at(1).name, "orders");
}

}  // namespace
}  // namespace flowcast::services
