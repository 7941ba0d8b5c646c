#include "protocol/base64.hpp"

#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace flowcast::protocol {
namespace {

TEST(base64, keeps_to_the_vectors_of_rfc_4648) {
  for (const auto& [bytes, text] :
       {std::pair{"", ""}, std::pair{"f", "Zg=="}, std::pair{"fo", "Zm8="},
        std::pair{"foo", "Zm9v"}, std::pair{"foob", "Zm9vYg=="}, std::pair{"fooba", "Zm9vYmE="},
        std::pair{"foobar", "Zm9vYmFy"}}) {
    std::string encoded = "+";
    append_base64(encoded, bytes);
    EXPECT_EQ(encoded, std::string("+") + text);
    std::string decoded = "+";
    EXPECT_TRUE(append_from_base64(decoded, text));
    EXPECT_EQ(decoded, std::string("+") + bytes);
  }
}

TEST(base64, brings_every_byte_back) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes += static_cast<char>(i);
    std::string text;
    append_base64(text, bytes);
    std::string decoded;
    ASSERT_TRUE(append_from_base64(decoded, text));
    ASSERT_EQ(decoded, bytes);
  }
}

TEST(base64, takes_text_without_padding) {
  std::string decoded;
  EXPECT_TRUE(append_from_base64(decoded, "AQIDBA"));
  EXPECT_EQ(decoded, "\x01\x02\x03\x04");
}

TEST(base64, refuses_what_is_not_base64) {
  for (const std::string_view text :
       {"Z", "A", "Zm9vA", "Zg=", "Zg===", "Z===", "====", "=", "Zm9v=", "Zg==Zg==", "Zm9 ",
        "Zm9\n", "Zm9-", "Zm9_", "Zm9\x80", "Zh==", "Zm9="}) {
    std::string decoded;
    EXPECT_FALSE(append_from_base64(decoded, text)) << text;
  }
}

}  // namespace
}  // namespace flowcast::protocol
