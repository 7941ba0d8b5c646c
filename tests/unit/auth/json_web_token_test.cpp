#include "auth/json_web_token.hpp"

#include <gtest/gtest.h>

#include "auth/base64url.hpp"
#include "unit/auth/signing_key.hpp"

namespace flowcast::auth {
namespace {

using namespace std::chrono_literals;

const std::string secret = "sixty-four bytes of a secret that is shared with the issuer alone";
const wall_clock::time_point now{1'700'000'000s};
const std::string in_time = R"({"exp":1700000060,"sub":"anna"})";

const signing_key& rsa() {
  static const signing_key key(signing_key::kind::rsa);
  return key;
}
const signing_key& p256() {
  static const signing_key key(signing_key::kind::p256);
  return key;
}
const signing_key& ed25519() {
  static const signing_key key(signing_key::kind::ed25519);
  return key;
}

std::vector<token_key> all_keys() {
  return {token_key::from_secret(secret).value(), token_key::from_pem(rsa().public_pem()).value(),
          token_key::from_pem(p256().public_pem()).value(),
          token_key::from_pem(ed25519().public_pem()).value()};
}

std::string signed_by(const signing_key& key, std::string_view algorithm,
                      std::string_view payload = in_time, const std::string& more = {}) {
  const std::string text =
      unsigned_token(R"({"alg":")" + std::string(algorithm) + '"' + more + '}', payload);
  return text + '.' + to_base64url(key.sign(text, algorithm == "PS256"));
}

records::result<identity> read(std::string_view token, const token_rules& rules = {}) {
  return read_token(token, all_keys(), rules, now);
}

void expect_refused(std::string_view token, const token_rules& rules = {}) {
  const auto known = read(token, rules);
  ASSERT_FALSE(known) << token;
  EXPECT_EQ(known.error().code, records::errc::not_authenticated);
}

TEST(json_web_token, of_each_algorithm_is_known_by_its_key) {
  EXPECT_EQ(read(hs256_token(secret, in_time)).value().subject, "anna");
  for (const auto& [name, digest] :
       {std::pair("HS384", EVP_sha384()), std::pair("HS512", EVP_sha512())}) {
    const std::string text = unsigned_token(R"({"alg":")" + std::string(name) + R"("})", in_time);
    EXPECT_TRUE(read(text + '.' + to_base64url(hmac(digest, secret, text)))) << name;
  }
  EXPECT_TRUE(read(signed_by(rsa(), "RS256")));
  EXPECT_TRUE(read(signed_by(rsa(), "PS256")));
  EXPECT_TRUE(read(signed_by(p256(), "ES256")));
  EXPECT_TRUE(read(signed_by(ed25519(), "EdDSA")));
}

TEST(json_web_token, without_a_signature_is_refused) {
  for (const char* none : {"none", "None", "NONE", "nOnE", ""}) {
    const std::string text = unsigned_token(R"({"alg":")" + std::string(none) + R"("})", in_time);
    expect_refused(text + '.');
    expect_refused(text);
    expect_refused(text + '.' + to_base64url(hmac(EVP_sha256(), secret, text)));
    expect_refused(text + '.' + to_base64url(hmac(EVP_sha256(), "", text)));
  }
  const std::string text = unsigned_token(R"({"alg":"HS256"})", in_time);
  expect_refused(text + '.');
}

TEST(json_web_token, signed_with_the_text_of_a_public_key_is_refused) {
  for (const signing_key* key : {&rsa(), &p256(), &ed25519()}) {
    const std::string pem = key->public_pem();
    const std::string one_line = pem.substr(0, pem.size() - 1);
    for (const std::string& as_secret : {pem, one_line, key->jwk(), std::string()})
      expect_refused(hs256_token(as_secret, in_time));
  }
}

TEST(json_web_token, naming_an_algorithm_of_another_key_is_refused) {
  const auto named = [](const signing_key& key, const char* algorithm) {
    const std::string text =
        unsigned_token(R"({"alg":")" + std::string(algorithm) + R"("})", in_time);
    return text + '.' + to_base64url(key.sign(text));
  };
  expect_refused(named(rsa(), "ES256"));
  expect_refused(named(rsa(), "HS256"));
  expect_refused(named(rsa(), "PS256"));  // signed as RS256
  expect_refused(named(p256(), "RS256"));
  expect_refused(named(ed25519(), "ES256"));
  expect_refused(named(rsa(), "RS512"));
  expect_refused(named(rsa(), "rs256"));
}

TEST(json_web_token, whose_signature_is_odd_is_refused) {
  const std::string text = unsigned_token(R"({"alg":"ES256"})", in_time);
  expect_refused(text + '.' + to_base64url(p256().sign_der(text)));
  expect_refused(text + '.' + to_base64url(std::string(64, '\0')));
  expect_refused(text + '.' + to_base64url(std::string(64, '\xff')));
  expect_refused(text + '.' + to_base64url(p256().sign(text).substr(0, 63)));
  expect_refused(text + '.' + to_base64url(p256().sign(text) + '\0'));
  const std::string right = hs256_token(secret, in_time);
  expect_refused(right.substr(0, right.size() - 1));
  expect_refused(right + "A");
  expect_refused(right + "=");
  expect_refused(right + ".");
  expect_refused(right + "\n");
  expect_refused(" " + right);
}

TEST(json_web_token, whose_base64_is_not_the_only_one_is_refused) {
  std::string token = signed_by(ed25519(), "EdDSA");
  // 64 bytes leave four bits unused in the last character but one for two: set one of them.
  token.back() = token.back() == 'A' ? 'B' : static_cast<char>(token.back() + 1);
  expect_refused(token);
}

TEST(json_web_token, that_brings_its_own_key_is_refused) {
  const signing_key own(signing_key::kind::rsa);
  for (const std::string& more :
       {R"(,"jwk":)" + own.jwk(), std::string(R"(,"jku":"https://evil.example/keys")"),
        std::string(R"(,"x5u":"https://evil.example/x")"), std::string(R"(,"x5c":["MIIB"])"),
        std::string(R"(,"kid":"../../dev/null")"), std::string(R"(,"kid":"' OR 1=1")")})
    expect_refused(signed_by(own, "RS256", in_time, more));
}

TEST(json_web_token, that_needs_an_extension_is_refused) {
  expect_refused(signed_by(rsa(), "RS256", in_time, R"(,"crit":["exp"],"exp":1)"));
  expect_refused(signed_by(rsa(), "RS256", in_time, R"(,"crit":[],"b64":false)"));
}

TEST(json_web_token, that_does_not_hold_together_is_refused) {
  const std::string good = R"({"alg":"HS256"})";
  for (const char* header :
       {R"({"alg":"HS256","alg":"none"})", R"({"alg":"none","alg":"HS256"})", "[]", "\"HS256\"", "",
        "{", R"({"alg":["HS256"]})", R"({"alg":null})", R"({"typ":"JWT"})",
        "{\"alg\":\"HS256\xff\"}", R"({"alg":"HS256","a":[[[[[[1]]]]]]})"})
    expect_refused(hs256_token(secret, in_time, header));
  for (const char* payload : {R"({"exp":1,"exp":1700000060})", "[]", "null", "", "{",
                              "{\"exp\":1700000060,\"a\":\"\xff\"}"})
    expect_refused(hs256_token(secret, payload, good));
  std::string deep =
      R"({"exp":1700000060,"a":)" + std::string(100, '[') + std::string(100, ']') + '}';
  expect_refused(hs256_token(secret, deep, good));
  expect_refused(hs256_token(secret, in_time, good) + std::string(longest_token, 'A'));
  for (const char* text : {"", ".", "..", "...", "a.b", "a.b.c.d.e", "not a token"})
    expect_refused(text);
}

TEST(json_web_token, expires_and_begins_within_the_leeway) {
  const auto with = [](const std::string& claims) { return hs256_token(secret, claims); };
  EXPECT_TRUE(read(with(R"({"exp":1699999971})")));
  expect_refused(with(R"({"exp":1699999970})"));
  EXPECT_TRUE(read(with(R"({"exp":1700000060,"nbf":1700000030})")));
  expect_refused(with(R"({"exp":1700000060,"nbf":1700000031})"));
  for (const char* odd :
       {R"({"exp":"1700000060"})", R"({"exp":null})", R"({"exp":[1700000060]})", R"({"exp":1e300})",
        R"({"exp":-1})", R"({"exp":true})", R"({"exp":1700000060,"nbf":"1"})"})
    expect_refused(with(odd));
  expect_refused(with("{}"));
  for (const char* late : {"9223372037", "9999999999", "253402300799"}) {
    EXPECT_TRUE(read(with(R"({"exp":)" + std::string(late) + "}"))) << late;
    expect_refused(with(R"({"exp":253402300799,"nbf":)" + std::string(late) + "}"));
  }
  token_rules forever;
  forever.must_expire = false;
  EXPECT_TRUE(read(with("{}"), forever));
  EXPECT_EQ(read(with(R"({"exp":1700000060.5})")).value().expires,
            wall_clock::time_point(1'700'000'060s));
}

TEST(json_web_token, must_be_of_the_issuer_and_for_the_audience) {
  token_rules rules;
  rules.issuer = "https://app.example";
  rules.audiences = {"flowcast", "other"};
  const auto with = [](const std::string& claims) {
    return hs256_token(secret, R"({"exp":1700000060)" + claims + '}');
  };
  EXPECT_TRUE(read(with(R"(,"iss":"https://app.example","aud":"flowcast")"), rules));
  EXPECT_TRUE(read(with(R"(,"iss":"https://app.example","aud":["a","other"])"), rules));
  for (const char* odd : {"", R"(,"iss":"https://app.example")", R"(,"aud":"flowcast")",
                          R"(,"iss":"https://app.example/","aud":"flowcast")",
                          R"(,"iss":["https://app.example"],"aud":"flowcast")",
                          R"(,"iss":"https://app.example","aud":"Flowcast")",
                          R"(,"iss":"https://app.example","aud":["flowcast",1])",
                          R"(,"iss":"https://app.example","aud":{"flowcast":1})"})
    expect_refused(with(odd), rules);
  expect_refused(with(R"(,"sub":1)"));
  expect_refused(with(R"(,"jti":{})"));
}

TEST(json_web_token, says_what_it_allows) {
  const auto known = read(hs256_token(
      secret, R"({"exp":1700000060,"jti":"7","flowcast":{"subscribe":{"microflow":["a"]}}})"));
  EXPECT_EQ(known->token_id, "7");
  EXPECT_TRUE(known->may.subscribe("microflow")->matches("a"));
  EXPECT_FALSE(known->may.subscribe("microflow")->matches("b"));
  EXPECT_TRUE(known->may.publish("microflow")->is_none());
  token_rules rules;
  rules.without_claim = rights::to_subscribe();
  EXPECT_TRUE(read(hs256_token(secret, in_time), rules)->may.subscribe("x")->is_all());
  expect_refused(hs256_token(secret, R"({"exp":1700000060,"flowcast":"all"})"), rules);
}

TEST(json_web_token, is_verified_by_the_key_that_it_names) {
  token_key named = token_key::from_secret(secret).value();
  named.set_id("one");
  token_key other = token_key::from_secret(std::string(32, 'x')).value();
  other.set_id("two");
  const auto with = [&](const char* id) {
    return read_token(
        hs256_token(secret, in_time, R"({"alg":"HS256","kid":")" + std::string(id) + R"("})"),
        {named, other}, {}, now);
  };
  EXPECT_TRUE(with("one"));
  EXPECT_FALSE(with("two"));
  EXPECT_TRUE(with("three"));  // no key has that id: any may be meant
}

TEST(token_key, must_be_strong) {
  EXPECT_FALSE(token_key::from_secret("short"));
  EXPECT_FALSE(token_key::from_secret(rsa().public_pem()));
  EXPECT_FALSE(token_key::from_pem(rsa().private_pem()));
  EXPECT_FALSE(token_key::from_pem(signing_key(signing_key::kind::small_rsa).public_pem()));
  EXPECT_FALSE(token_key::from_pem(signing_key(signing_key::kind::p384).public_pem()));
  EXPECT_FALSE(token_key::from_pem("nonsense"));
  EXPECT_EQ(token_key::from_secret(std::string(32, 'x'))->algorithms(), "HS256");
  EXPECT_EQ(token_key::from_secret(std::string(64, 'x'))->algorithms(), "HS256 or HS384 or HS512");
}

}  // namespace
}  // namespace flowcast::auth
