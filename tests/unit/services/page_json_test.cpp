#include "services/page_json.hpp"

#include <gtest/gtest.h>

namespace flowcast::services {
namespace {

TEST(page_json, puts_stored_texts_side_by_side) {
  stores::page page;
  page.total = 12;
  page.limit = 2;
  page.skip = 4;
  page.records.resize(2);
  page.records[0].json = R"({"text":"a","id":1})";
  page.records[1].json = R"({"text":"b","id":2})";
  EXPECT_EQ(to_json(page),
            R"({"total":12,"limit":2,"skip":4,"data":[{"text":"a","id":1},{"text":"b","id":2}]})");
}

TEST(page_json, writes_an_empty_page) {
  EXPECT_EQ(to_json(stores::page{}), R"({"total":0,"limit":0,"skip":0,"data":[]})");
}

}  // namespace
}  // namespace flowcast::services
