#include "http/html.hpp"

#include <gtest/gtest.h>

#include "http/error_page.hpp"

namespace flowcast::http {
namespace {

TEST(append_html, keeps_text_text) {
  std::string out;
  append_html(out, R"(<a href="x" title='y'>&amp;</a>)");
  EXPECT_EQ(out, "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
}

TEST(fill_in, replaces_a_name_everywhere_and_does_not_look_at_what_it_put_there) {
  EXPECT_EQ(fill_in("{{a}} and {{a}}, not {{b}}", "a", "<{{a}}>"),
            "<{{a}}> and <{{a}}>, not {{b}}");
}

TEST(error_page, shows_the_message_as_text) {
  const std::string page = error_page(404, "<script>");
  EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos);
  EXPECT_EQ(page.find("<script>"), std::string::npos);
  EXPECT_NE(page.find("<h1>404</h1>"), std::string::npos);
}

}  // namespace
}  // namespace flowcast::http
