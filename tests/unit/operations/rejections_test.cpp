#include "operations/rejections.hpp"

#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowcast::operations {
namespace {

using records::errc;
using records::error;
using records::error_cause;
using testing::HasSubstr;

TEST(rejections, are_counted_by_reason_and_the_latest_are_kept) {
  rejections all;
  for (std::size_t i = 0; i < rejections::kept + 2; ++i)
    all.add(rejection::token, "10.0.0.1", "number " + std::to_string(i));
  all.add(rejection::origin, "10.0.0.2", "https://elsewhere.example");
  EXPECT_EQ(all.count(rejection::token), rejections::kept + 2);
  EXPECT_EQ(all.count(rejection::origin), 1U);
  const auto latest = all.since(0);
  ASSERT_EQ(latest.size(), rejections::kept);
  EXPECT_EQ(latest.front().detail, "number 3");
  EXPECT_EQ(latest.back().why, rejection::origin);
  EXPECT_EQ(latest.back().address, "10.0.0.2");
  EXPECT_TRUE(all.since(latest.back().number).empty());
  EXPECT_EQ(all.since(latest.back().number - 1).size(), 1U);
  metric_text text;
  all.write_metrics(text);
  EXPECT_THAT(text.take(), HasSubstr("flowcast_rejections_total{reason=\"origin\"} 1\n"));
}

TEST(rejections, keep_little_of_what_is_long_and_cut_no_character_in_two) {
  rejections all;
  std::string detail(299, 'a');
  detail += "\xc3\xa9 and more";
  all.add(rejection::malformed, std::string(1000, '1'), detail);
  EXPECT_EQ(all.since(0).front().detail, std::string(299, 'a'));
  EXPECT_EQ(all.since(0).front().address.size(), 64U);
}

TEST(rejections, each_have_a_name_of_their_own) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < rejection_reasons; ++i)
    names.insert(to_string(static_cast<rejection>(i)));
  EXPECT_EQ(names.size(), rejection_reasons);
}

TEST(rejections, are_told_from_answers_that_are_like_any_other) {
  EXPECT_EQ(rejection_of({errc::not_authenticated, "", {}, {}}), rejection::token);
  EXPECT_EQ(rejection_of({errc::forbidden, "", {}, {}}), rejection::permission);
  EXPECT_EQ(rejection_of({errc::bad_request, "", {}, {}, error_cause::json_too_deep}),
            rejection::json_depth);
  EXPECT_EQ(rejection_of({errc::bad_request, "", {}, {}, error_cause::subscription_limit}),
            rejection::subscriptions);
  EXPECT_EQ(rejection_of({errc::not_found, "", {}, {}, error_cause::unknown_service}),
            rejection::unknown_service);
  EXPECT_EQ(rejection_of({errc::not_found, "no such record", {}, {}}), std::nullopt);
  EXPECT_EQ(rejection_of({errc::conflict, "", {}, {}}), std::nullopt);
}

}  // namespace
}  // namespace flowcast::operations
