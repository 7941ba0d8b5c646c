#include "auth/observer_access.hpp"

#include <memory>

#include <gtest/gtest.h>

namespace flowcast::auth {
namespace {

identity_ptr somebody(rights may, std::string subject = "anna") {
  identity made;
  made.subject = std::move(subject);
  made.may = std::move(may);
  return std::make_shared<const identity>(std::move(made));
}

TEST(observer_access, is_open_by_the_listener_that_was_set_up_for_it) {
  EXPECT_FALSE(refuse_observer(true, nullptr, "10.0.0.1"));
  EXPECT_FALSE(refuse_observer(true, somebody(rights()), "127.0.0.1"));
}

TEST(observer_access, takes_the_right_to_observe_where_authentication_is_on) {
  EXPECT_FALSE(refuse_observer(false, somebody(rights::to_observe()), "10.0.0.1"));
  EXPECT_FALSE(refuse_observer(false, somebody(rights::everything()), "10.0.0.1"));
  EXPECT_EQ(refuse_observer(false, somebody(rights::to_publish()), "127.0.0.1")->code,
            records::errc::forbidden);
  EXPECT_EQ(refuse_observer(false, somebody(rights(), ""), "127.0.0.1")->code,
            records::errc::not_authenticated)
      << "also of this machine";
}

TEST(observer_access, is_this_machines_alone_where_authentication_is_off) {
  for (const char* own : {"127.0.0.1", "127.8.0.1", "::1"})
    EXPECT_FALSE(refuse_observer(false, nullptr, own)) << own;
  for (const char* other : {"10.0.0.1", "::2", "128.0.0.1", "1127.0.0.1", ""})
    EXPECT_EQ(refuse_observer(false, nullptr, other)->code, records::errc::forbidden) << other;
}

}  // namespace
}  // namespace flowcast::auth
