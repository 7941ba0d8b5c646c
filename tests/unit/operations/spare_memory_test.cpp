#include "operations/spare_memory.hpp"

#include <cstddef>

#include <gtest/gtest.h>

namespace flowcast::operations {
namespace {

constexpr std::size_t mib = std::size_t{1024} * 1024;

TEST(spare_memory, is_given_back_when_it_lies_idle) {
  spare_memory spare;
  EXPECT_FALSE(spare.is_due({.used = 20 * mib, .free = 1 * mib}));
  EXPECT_FALSE(spare.is_due({.used = 4 * mib, .free = 17 * mib})) << "it may be wanted again soon";
  EXPECT_TRUE(spare.is_due({.used = 4 * mib, .free = 17 * mib}));
}

TEST(spare_memory, is_given_back_once) {
  spare_memory spare;
  static_cast<void>(spare.is_due({.used = 4 * mib, .free = 17 * mib}));
  EXPECT_TRUE(spare.is_due({.used = 4 * mib, .free = 17 * mib}));
  EXPECT_FALSE(spare.is_due({.used = 4 * mib, .free = 17 * mib}));
  EXPECT_FALSE(spare.is_due({.used = 4 * mib + 1000, .free = 17 * mib - 1000}));
}

TEST(spare_memory, is_given_back_again_after_it_was_used_again) {
  spare_memory spare;
  for (int i = 0; i < 2; ++i)
    static_cast<void>(spare.is_due({.used = 4 * mib, .free = 17 * mib}));
  for (int i = 0; i < 2; ++i)
    EXPECT_FALSE(spare.is_due({.used = 20 * mib, .free = 1 * mib}));
  EXPECT_FALSE(spare.is_due({.used = 2 * mib, .free = 19 * mib}));
  EXPECT_TRUE(spare.is_due({.used = 2 * mib, .free = 19 * mib}));
}

TEST(spare_memory, is_kept_where_it_is_little_beside_what_is_used) {
  spare_memory spare;
  for (int i = 0; i < 3; ++i)
    EXPECT_FALSE(spare.is_due({.used = 100 * mib, .free = 20 * mib}));
  for (int i = 0; i < 3; ++i)
    EXPECT_FALSE(spare.is_due({.used = 1 * mib, .free = 1 * mib}));
}

}  // namespace
}  // namespace flowcast::operations
