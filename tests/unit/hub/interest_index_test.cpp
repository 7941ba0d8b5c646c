#include "hub/interest_index.hpp"

#include <array>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hub/listener.hpp"
#include "unit/hub/fake_sink.hpp"

namespace flowcast::hub {
namespace {

class interest_index_test : public testing::Test {
 protected:
  static constexpr std::size_t many = 40;

  interest_index_test() {
    for (std::size_t i = 0; i < many; ++i) {
      listeners_.push_back(std::make_unique<listener>(sink_, framing::plain));
      of_[i].owner = listeners_[i].get();
    }
  }

  using members = std::set<const listener*>;

  members who(const audience* in) {
    members all;
    if (in == nullptr)
      return all;
    for (const audience_member& member : in->members) {
      EXPECT_TRUE(all.insert(member.of->owner).second) << "a member stands twice";
      EXPECT_EQ(member.of->chosen.at(member.chosen_at).in, in);
    }
    return all;
  }

  fake_sink sink_;
  std::vector<std::unique_ptr<listener>> listeners_;
  std::array<interests, many> of_;
  interest_index index_{3};
};

TEST_F(interest_index_test, finds_those_who_chose_a_key_of_a_service) {
  EXPECT_TRUE(index_.choose_key(of_[0], 0, "a"));
  EXPECT_TRUE(index_.choose_key(of_[1], 0, "a"));
  EXPECT_TRUE(index_.choose_key(of_[2], 0, "b"));
  EXPECT_TRUE(index_.choose_key(of_[3], 1, "a"));
  EXPECT_EQ(who(index_.of_key(0, "a")), (members{of_[0].owner, of_[1].owner}));
  EXPECT_EQ(who(index_.of_key(0, "b")), (members{of_[2].owner}));
  EXPECT_EQ(who(index_.of_key(1, "a")), (members{of_[3].owner}));
  EXPECT_EQ(index_.of_key(2, "a"), nullptr);
  EXPECT_TRUE(index_.of_whole(0).members.empty());
}

TEST_F(interest_index_test, choosing_and_dropping_are_idempotent) {
  EXPECT_FALSE(index_.drop_key(of_[0], 0, "a"));
  EXPECT_TRUE(index_.choose_key(of_[0], 0, "a"));
  EXPECT_FALSE(index_.choose_key(of_[0], 0, "a"));
  EXPECT_EQ(of_[0].keys, 1U);
  EXPECT_FALSE(index_.drop_key(of_[1], 0, "a"));
  EXPECT_TRUE(index_.drop_key(of_[0], 0, "a"));
  EXPECT_FALSE(index_.drop_key(of_[0], 0, "a"));
  EXPECT_EQ(of_[0].keys, 0U);

  EXPECT_TRUE(index_.choose_whole(of_[0], 1));
  EXPECT_FALSE(index_.choose_whole(of_[0], 1));
  EXPECT_EQ(of_[0].keys, 0U);
  EXPECT_TRUE(index_.drop_whole(of_[0], 1));
  EXPECT_FALSE(index_.drop_whole(of_[0], 1));
}

TEST_F(interest_index_test, forgets_a_key_that_nobody_chose_any_more) {
  index_.choose_key(of_[0], 0, "a");
  index_.choose_key(of_[1], 0, "a");
  EXPECT_EQ(index_.keys(), 1U);
  index_.drop_key(of_[0], 0, "a");
  EXPECT_EQ(index_.keys(), 1U);
  index_.drop_all(of_[1]);
  EXPECT_EQ(index_.keys(), 0U);
  EXPECT_EQ(index_.of_key(0, "a"), nullptr);
}

TEST_F(interest_index_test, dropping_the_keys_of_a_service_leaves_all_else) {
  index_.choose_whole(of_[0], 0);
  for (const char* key : {"a", "b", "c", "d"}) {
    index_.choose_key(of_[0], 0, key);
    index_.choose_key(of_[0], 1, key);
  }
  index_.drop_keys(of_[0], 0);
  EXPECT_EQ(of_[0].keys, 4U);
  EXPECT_EQ(who(index_.of_key(0, "a")).size(), 0U);
  EXPECT_EQ(who(index_.of_key(1, "c")).size(), 1U);
  EXPECT_EQ(who(&index_.of_whole(0)).size(), 1U);
}

TEST_F(interest_index_test, tells_the_keys_of_a_service_and_how_many_chose_them) {
  index_.choose_key(of_[0], 0, "a");
  index_.choose_key(of_[1], 0, "a");
  index_.choose_key(of_[1], 0, "b");
  index_.choose_key(of_[1], 1, "c");
  std::map<std::string, std::size_t, std::less<>> seen;
  index_.each_key(0, [&](std::string_view key, std::size_t heard_by) {
    seen.emplace(std::string(key), heard_by);
  });
  EXPECT_EQ(seen, (std::map<std::string, std::size_t, std::less<>>{{"a", 2}, {"b", 1}}));
}

TEST_F(interest_index_test, agrees_with_a_set_through_thousands_of_random_choices) {
  // A seed that is fixed: each run is the same. NOLINTNEXTLINE(cert-msc32-c,cert-msc51-cpp)
  std::mt19937 random(20'240'501);
  std::map<std::pair<records::service_index, std::string>, members> model;
  for (int step = 0; step < 20'000; ++step) {
    const std::size_t i = random() % many;
    const auto service = static_cast<records::service_index>(random() % 3);
    // The empty key stands for the whole service in the model.
    const std::string key =
        random() % 8 == 0 ? "" : std::string(1, static_cast<char>('a' + random() % 12));
    members& expected = model[{service, key}];
    const listener* const owner = of_[i].owner;
    switch (random() % 16) {
      case 0:
        index_.drop_all(of_[i]);
        for (auto& [what, chosen_by] : model)
          chosen_by.erase(owner);
        break;
      case 1:
        index_.drop_keys(of_[i], service);
        for (auto& [what, chosen_by] : model) {
          if (what.first == service && !what.second.empty())
            chosen_by.erase(owner);
        }
        break;
      case 2:
      case 3:
      case 4:
      case 5:
      case 6: {
        const bool dropped = key.empty() ? index_.drop_whole(of_[i], service)
                                         : index_.drop_key(of_[i], service, key);
        ASSERT_EQ(dropped, expected.erase(owner) == 1);
        break;
      }
      default: {
        const bool chosen = key.empty() ? index_.choose_whole(of_[i], service)
                                        : index_.choose_key(of_[i], service, key);
        ASSERT_EQ(chosen, expected.insert(owner).second);
      }
    }
    ASSERT_EQ(who(key.empty() ? &index_.of_whole(service) : index_.of_key(service, key)), expected);
    std::size_t keys = 0;
    for (const auto& [what, chosen_by] : model)
      keys += !what.second.empty() && chosen_by.contains(owner) ? 1U : 0U;
    ASSERT_EQ(of_[i].keys, keys);
  }
}

}  // namespace
}  // namespace flowcast::hub
