#include "http/landing_page.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/services/fake_store.hpp"

namespace flowcast::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(landing_page, tells_the_services_and_what_to_post) {
  services::fake_store store;
  std::vector<services::service_options> two(2);
  two[0].definition.name = "microflow";
  two[1].definition.name = "orders";
  two[1].definition.key_field = "guid";
  const services::service_registry all(two, store);
  const landing_page page(all);

  request in;
  in.host = "myserver:3030";
  const response made = page.answer_to(in, false);
  EXPECT_EQ(made.content_type, html_type);
  EXPECT_THAT(made.body, AllOf(HasSubstr("curl http://myserver:3030/microflow"),
                               HasSubstr("href=\"/orders\""), HasSubstr("<code>guid</code>"),
                               Not(HasSubstr("{{")), Not(HasSubstr("<script"))));
  EXPECT_THAT(made.headers, HasSubstr("default-src 'none'"));
}

TEST(landing_page, shows_no_host_that_is_none) {
  services::fake_store store;
  std::vector<services::service_options> one(1);
  one[0].definition.name = "microflow";
  const services::service_registry all(one, store);
  const landing_page page(all);
  for (const char* host : {"<script>", "a b", "", "a/b"}) {
    request in;
    in.host = host;
    EXPECT_THAT(page.answer_to(in, true).body, HasSubstr("curl https://localhost:3030/microflow"))
        << host;
  }
}

}  // namespace
}  // namespace flowcast::http
