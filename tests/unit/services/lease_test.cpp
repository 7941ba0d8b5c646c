#include "services/lease.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowcast::services {
namespace {

using records::errc;
using records::event_type;
using records::record;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::int64_t start = 1'790'000'000'000;

lease_request asked_by(std::string holder) {
  lease_request asked;
  asked.key = "order";
  asked.holder = std::move(holder);
  asked.ttl = std::chrono::milliseconds(1000);
  return asked;
}

// A lock as the store keeps it, which gives each new lease a higher fence.
struct lock : testing::Test {
  const record* current() const { return kept ? &*kept : nullptr; }
  lease_changes carry_out(lease_changes changes) {
    if (changes) {
      for (const stores::decided_change& each : *changes) {
        ++position;
        if (each.type == event_type::removed) {
          kept.reset();
          continue;
        }
        lease made = read_without_fence(each.document);
        kept = record{records::record_id::from_text("order"), "order", to_json(made)};
      }
    }
    return changes;
  }
  lease read_without_fence(std::string json) const {
    if (json.find("fence") == std::string::npos) {
      json.pop_back();
      json += R"(,"fence":)" + std::to_string(position) + "}";
    }
    return read_lease(json).value();
  }
  lease held() const { return read_lease(kept.value().json).value(); }

  std::optional<record> kept;
  std::uint64_t position = 0;
};

TEST_F(lock, goes_to_who_comes_first) {
  ASSERT_TRUE(carry_out(acquire(current(), asked_by("anna"), start)));
  EXPECT_EQ(held().expires, start + 1000);
  EXPECT_EQ(held().name, "anna");
  const auto refused = acquire(current(), asked_by("ben"), start + 999);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::conflict);
  EXPECT_EQ(refused.error().data, to_json(held()));
}

TEST_F(lock, is_renewed_by_its_holder_under_the_same_fence) {
  carry_out(acquire(current(), asked_by("anna"), start)).value();
  lease_request again = asked_by("anna");
  again.name = "Anna";
  const auto changes = carry_out(acquire(current(), again, start + 500)).value();
  EXPECT_EQ(changes.front().type, event_type::patched);
  EXPECT_EQ(held().fence, 1U);
  EXPECT_EQ(held().expires, start + 1500);
  EXPECT_EQ(held().name, "Anna");
  again.name.reset();
  again.ttl.reset();
  carry_out(renew(current(), again, start + 600)).value();
  EXPECT_EQ(held().expires, start + 1600);
  EXPECT_EQ(held().name, "Anna");
}

TEST_F(lock, is_taken_over_once_it_has_expired_under_a_higher_fence) {
  carry_out(acquire(current(), asked_by("anna"), start)).value();
  const auto changes = carry_out(acquire(current(), asked_by("ben"), start + 1000)).value();
  ASSERT_THAT(changes, SizeIs(2));
  EXPECT_EQ(changes[0].type, event_type::removed);
  EXPECT_THAT(changes[0].document, HasSubstr(R"("holder":"anna")"));
  EXPECT_THAT(changes[0].document, HasSubstr(R"("reason":"expired"})"));
  EXPECT_EQ(changes[1].type, event_type::created);
  EXPECT_EQ(held().holder, "ben");
  EXPECT_GT(held().fence, 1U);
}

TEST_F(lock, that_expired_is_a_new_one_also_for_its_holder) {
  carry_out(acquire(current(), asked_by("anna"), start)).value();
  EXPECT_EQ(renew(current(), asked_by("anna"), start + 1000).error().code, errc::not_found);
  carry_out(acquire(current(), asked_by("anna"), start + 1000)).value();
  EXPECT_GT(held().fence, 1U);
}

TEST_F(lock, is_released_by_its_holder_alone) {
  EXPECT_EQ(release(current(), asked_by("anna"), start).error().code, errc::not_found);
  carry_out(acquire(current(), asked_by("anna"), start)).value();
  EXPECT_EQ(release(current(), asked_by("ben"), start).error().code, errc::conflict);
  EXPECT_EQ(renew(current(), asked_by("ben"), start).error().code, errc::conflict);
  const auto changes = carry_out(release(current(), asked_by("anna"), start)).value();
  EXPECT_THAT(changes.front().document, HasSubstr(R"("reason":"released"})"));
  EXPECT_EQ(current(), nullptr);
}

TEST_F(lock, that_a_token_took_is_of_its_user_alone_though_all_are_told_the_holder) {
  lease_request anna = asked_by("tab");
  anna.user = "anna";
  carry_out(acquire(current(), anna, start)).value();
  EXPECT_EQ(held().user, "anna");
  lease_request other = anna;
  for (const std::string poses : {"ben", ""}) {
    other.user = poses;
    EXPECT_EQ(acquire(current(), other, start).error().code, errc::conflict) << poses;
    EXPECT_EQ(renew(current(), other, start).error().code, errc::conflict) << poses;
    EXPECT_EQ(release(current(), other, start).error().code, errc::conflict) << poses;
  }
  carry_out(renew(current(), anna, start)).value();
  EXPECT_EQ(held().user, "anna");
  EXPECT_TRUE(release(current(), anna, start));
  EXPECT_TRUE(release(current(), asked_by("tab"), start));  // of the app itself
}

TEST_F(lock, that_nobody_in_particular_took_is_whose_holder_asks) {
  carry_out(acquire(current(), asked_by("tab"), start)).value();
  lease_request anna = asked_by("tab");
  anna.user = "anna";
  EXPECT_TRUE(renew(current(), anna, start));
}

TEST_F(lock, is_not_changed_under_a_fence_of_before) {
  carry_out(acquire(current(), asked_by("anna"), start)).value();
  lease_request asked = asked_by("anna");
  asked.fence = 7;
  EXPECT_EQ(renew(current(), asked, start).error().code, errc::conflict);
  EXPECT_EQ(release(current(), asked, start).error().code, errc::conflict);
  asked.fence = 1;
  EXPECT_TRUE(renew(current(), asked, start));
}

TEST_F(lock, expires_when_its_time_has_come_and_not_before) {
  EXPECT_THAT(expire(current(), start).value(), SizeIs(0));
  carry_out(acquire(current(), asked_by("anna"), start)).value();
  EXPECT_THAT(expire(current(), start + 999).value(), SizeIs(0));
  const auto changes = expire(current(), start + 1000).value();
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_THAT(changes.front().document, HasSubstr(R"("reason":"expired"})"));
}

TEST(lease_request, is_read_within_bounds) {
  const auto asked = read_lease_request(
      R"({"key":9007199254740993,"holder":"a","name":"Ä","ttl":100,"fence":3})", true);
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->key, "9007199254740993");
  EXPECT_EQ(asked->name, "Ä");
  EXPECT_EQ(asked->ttl, shortest_lease);
  EXPECT_EQ(asked->fence, 3U);
  const std::string long_text(longest_lock_key + 1, 'x');
  for (const std::string& wrong :
       {std::string(""), std::string("[]"), std::string("{}"), std::string(R"({"key":"a"})"),
        std::string(R"({"key":"","holder":"a"})"), std::string(R"({"key":true,"holder":"a"})"),
        R"({"key":")" + long_text + R"(","holder":"a"})",
        R"({"key":"a","holder":")" + long_text + R"("})",
        R"({"key":"a","holder":"a","name":")" + long_text + R"("})",
        std::string(R"({"key":"a","holder":1})"), std::string(R"({"key":"a","holder":""})"),
        std::string(R"({"key":"a","holder":"a","name":1})"),
        std::string(R"({"key":"a","holder":"a","ttl":99})"),
        std::string(R"({"key":"a","holder":"a","ttl":3600001})"),
        std::string(R"({"key":"a","holder":"a","ttl":1e3})"),
        std::string(R"({"key":"a","holder":"a","ttl":"1000"})"),
        std::string("{\"key\":\"a\",\"holder\":\"\xff\"}"),
        std::string(R"({"key":"a","holder":"a","fence":-1})")}) {
    EXPECT_FALSE(read_lease_request(wrong, true)) << wrong;
  }
  EXPECT_TRUE(read_lease_request(R"({"holder":"a"})", false));
}

}  // namespace
}  // namespace flowcast::services
