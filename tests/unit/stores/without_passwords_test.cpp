#include "stores/without_passwords.hpp"

#include <gtest/gtest.h>

namespace flowcast::stores {
namespace {

TEST(store_name, is_shown_without_passwords) {
  EXPECT_EQ(without_passwords("nats:nats://me:p@ss@a:4222,tls://token@b?view=/x@y&stream=S"),
            "nats:nats://a:4222,tls://b?view=/x@y&stream=S");
  EXPECT_EQ(without_passwords("nats:nats://a:4222"), "nats:nats://a:4222");
  EXPECT_EQ(without_passwords("sqlite:/var/lib/a@b.sqlite"), "sqlite:/var/lib/a@b.sqlite");
  EXPECT_EQ(without_passwords("memory"), "memory");
}

}  // namespace
}  // namespace flowcast::stores
