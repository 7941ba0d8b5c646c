#include "auth/json_web_key.hpp"

#include <gtest/gtest.h>

#include "auth/base64url.hpp"
#include "unit/auth/signing_key.hpp"

namespace flowcast::auth {
namespace {

std::string set_of(const std::string& keys) {
  return R"({"keys":[)" + keys + "]}";
}

TEST(json_web_key, of_each_kind_verifies_what_its_other_half_signs) {
  for (const auto& [kind, what] : {std::pair(signing_key::kind::rsa, algorithm::rs256),
                                   std::pair(signing_key::kind::p256, algorithm::es256),
                                   std::pair(signing_key::kind::ed25519, algorithm::eddsa)}) {
    const signing_key issuer(kind);
    const auto keys = read_key_set(set_of(issuer.jwk(R"("kid":"one","use":"sig")")));
    ASSERT_TRUE(keys);
    EXPECT_EQ(keys->front().id(), "one");
    EXPECT_TRUE(keys->front().verify(what, "text", issuer.sign("text")));
    EXPECT_FALSE(keys->front().verify(what, "other", issuer.sign("text")));
  }
  const std::string secret(32, 's');
  const auto keys = read_key_set(set_of(R"({"kty":"oct","k":")" + to_base64url(secret) + R"("})"));
  ASSERT_TRUE(keys);
  EXPECT_TRUE(keys->front().verify(algorithm::hs256, "text", hmac(EVP_sha256(), secret, "text")));
}

TEST(json_web_key, with_an_algorithm_verifies_that_alone) {
  const signing_key issuer(signing_key::kind::rsa);
  const auto keys = read_key_set(set_of(issuer.jwk(R"("alg":"PS256")")));
  ASSERT_TRUE(keys);
  EXPECT_FALSE(keys->front().allows(algorithm::rs256));
  EXPECT_TRUE(keys->front().verify(algorithm::ps256, "text", issuer.sign("text", true)));
}

TEST(json_web_key, that_cannot_be_used_is_passed_over) {
  const std::string good = signing_key(signing_key::kind::ed25519).jwk();
  const std::string off_curve = R"({"kty":"EC","crv":"P-256","x":")" +
                                to_base64url(std::string(32, 'x')) + R"(","y":")" +
                                to_base64url(std::string(32, 'y')) + R"("})";
  const std::string small = signing_key(signing_key::kind::small_rsa).jwk();
  const std::string for_encryption = signing_key(signing_key::kind::rsa).jwk(R"("use":"enc")");
  const std::string wrong_algorithm = signing_key(signing_key::kind::rsa).jwk(R"("alg":"HS256")");
  for (const std::string& odd :
       {off_curve, small, for_encryption, wrong_algorithm, std::string("1"), std::string("{}"),
        std::string(R"({"kty":"oct","k":"c2hvcnQ"})"),
        std::string(R"({"kty":"RSA","n":"!","e":1})")}) {
    EXPECT_EQ(read_key_set(set_of(odd + "," + good))->size(), 1U) << odd;
    EXPECT_FALSE(read_key_set(set_of(odd))) << odd;
  }
}

TEST(json_web_key, set_must_be_one) {
  for (const char* odd : {"", "{}", "[]", "nonsense", R"({"keys":{}})", R"({"keys":[]})"})
    EXPECT_FALSE(read_key_set(odd)) << odd;
}

}  // namespace
}  // namespace flowcast::auth
