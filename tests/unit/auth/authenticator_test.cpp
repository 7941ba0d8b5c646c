#include "auth/authenticator.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <gtest/gtest.h>

#include "auth/key_digest.hpp"
#include "unit/auth/signing_key.hpp"

namespace flowcast::auth {
namespace {

using namespace std::chrono_literals;

const std::string secret(32, 's');
const std::string other_secret(32, 'o');

class authenticator_test : public testing::Test {
 protected:
  authenticator_test() {
    write(secret + "\n");
    options_.secret_files = {path_};
  }
  ~authenticator_test() override { std::filesystem::remove(path_); }

  void write(const std::string& text) const { std::ofstream(path_) << text; }

  std::string path_ = testing::TempDir() + "flowcast-secret-" +
                      testing::UnitTest::GetInstance()->current_test_info()->name();
  auth_options options_;
  wall_clock::time_point now_{1'700'000'000s};
  std::function<wall_clock::time_point()> clock_ = [this] { return now_; };
};

TEST(key_digest, is_what_sha256sum_prints) {
  EXPECT_EQ(digest_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(authenticator_test, is_off_without_keys) {
  const authenticator off{{}};
  EXPECT_FALSE(off.on());
  EXPECT_EQ(off.anonymous(), nullptr);
}

TEST_F(authenticator_test, knows_tokens_and_keys) {
  options_.static_keys.push_back({"mendix", digest_of("the key"), rights::to_publish()});
  const authenticator by(options_, clock_);
  EXPECT_EQ(
      by.authenticate(hs256_token(secret, R"({"exp":1700000060,"sub":"anna"})")).value()->subject,
      "anna");
  EXPECT_EQ(by.authenticate("the key").value()->subject, "mendix");
  EXPECT_FALSE(by.authenticate("the kez"));
  EXPECT_FALSE(by.authenticate(""));
  EXPECT_TRUE(by.anonymous()->may.subscribe("any")->is_none());
}

TEST_F(authenticator_test, forgets_whom_the_settings_revoke) {
  options_.static_keys.push_back({"mendix", digest_of("the key"), rights::to_publish()});
  authenticator by(options_, clock_);
  const auto token =
      by.authenticate(hs256_token(secret, R"({"exp":1700000060,"jti":"7"})")).value();
  const auto key = by.authenticate("the key").value();
  EXPECT_TRUE(by.again(token));
  options_.revoked_tokens = {"7"};
  options_.revoked_subjects = {"mendix"};
  EXPECT_EQ(by.reload(options_), "");
  EXPECT_FALSE(by.again(token));
  EXPECT_FALSE(by.again(key));
  EXPECT_FALSE(by.authenticate("the key"));
  EXPECT_FALSE(by.authenticate(hs256_token(secret, R"({"exp":1700000060,"jti":"7"})")));
}

TEST_F(authenticator_test, forgets_a_key_that_is_taken_out_of_the_settings) {
  options_.static_keys.push_back({"mendix", digest_of("the key"), rights::to_publish()});
  options_.static_keys.push_back({"other", digest_of("another"), rights::to_publish()});
  authenticator by(options_, clock_);
  const auto key = by.authenticate("the key").value();
  const auto other = by.authenticate("another").value();
  options_.static_keys.erase(options_.static_keys.begin());
  EXPECT_EQ(by.reload(options_), "");
  EXPECT_FALSE(by.again(key));
  EXPECT_TRUE(by.again(other));
  EXPECT_TRUE(by.again(by.anonymous()));
}

TEST_F(authenticator_test, forgets_whom_a_key_has_signed_that_is_taken_out) {
  const std::string more = path_ + "-more";
  std::ofstream(more) << other_secret;
  options_.secret_files.push_back(more);
  authenticator by(options_, clock_);
  const auto mine = by.authenticate(hs256_token(secret, R"({"exp":1700000060})")).value();
  const auto other = by.authenticate(hs256_token(other_secret, R"({"exp":1700000060})")).value();
  EXPECT_TRUE(by.again(other));
  options_.secret_files.pop_back();
  EXPECT_EQ(by.reload(options_), "");
  std::filesystem::remove(more);
  EXPECT_FALSE(by.again(other));
  EXPECT_TRUE(by.again(mine));
}

TEST_F(authenticator_test, gives_who_is_known_what_the_settings_now_say) {
  options_.static_keys.push_back({"mendix", digest_of("the key"), rights::to_publish()});
  authenticator by(options_, clock_);
  const auto key = by.authenticate("the key").value();
  const auto plain =
      by.authenticate(hs256_token(secret, R"({"exp":1700000060,"sub":"a"})")).value();
  const auto own =
      by.authenticate(hs256_token(secret, R"({"exp":1700000060,"flowcast":true})")).value();
  const auto nobody = by.anonymous();
  EXPECT_EQ(by.again(key).value()->may, key->may);
  EXPECT_EQ(by.again(plain).value()->may, plain->may);
  EXPECT_EQ(by.again(nobody).value()->may, nobody->may);
  options_.static_keys.front().may = rights::to_observe();
  options_.rules.without_claim = rights();
  options_.anonymous = rights::to_subscribe();
  EXPECT_EQ(by.reload(options_), "");
  EXPECT_EQ(by.again(key).value()->may, rights::to_observe());
  EXPECT_EQ(by.again(plain).value()->may, rights());
  EXPECT_EQ(by.again(plain).value()->subject, "a");
  EXPECT_EQ(by.again(own).value()->may, own->may);
  EXPECT_EQ(by.again(nobody).value()->may, rights::to_subscribe());
  options_.rules.issuer = "another";
  EXPECT_EQ(by.reload(options_), "");
  EXPECT_FALSE(by.again(plain));
}

TEST_F(authenticator_test, takes_a_byte_order_mark_for_no_part_of_a_secret) {
  write("\xef\xbb\xbf" + secret + "\r\n");
  const authenticator by(options_, clock_);
  EXPECT_TRUE(by.authenticate(hs256_token(secret, R"({"exp":1700000060})")));
}

TEST_F(authenticator_test, does_not_take_utf16_for_a_secret) {
  std::string wide = "\xff\xfe";
  for (const char each : secret) {
    wide.append({each, '\0'});
  }
  write(wide);
  EXPECT_THROW(authenticator(options_, clock_), std::runtime_error);
}

TEST_F(authenticator_test, knows_when_a_token_has_expired) {
  const authenticator by(options_, clock_);
  const auto who = by.authenticate(hs256_token(secret, R"({"exp":1700000060})")).value();
  now_ += 89s;
  EXPECT_TRUE(by.again(who));
  now_ += 1s;
  EXPECT_FALSE(by.again(who));
}

TEST_F(authenticator_test, takes_new_keys_and_keeps_the_old_where_those_cannot_be_used) {
  authenticator by(options_, clock_);
  const std::string fresh = hs256_token(other_secret, R"({"exp":1700000060})");
  EXPECT_FALSE(by.authenticate(fresh));
  write(other_secret);
  EXPECT_EQ(by.reload(options_), "");
  EXPECT_TRUE(by.authenticate(fresh));
  write("short");
  EXPECT_NE(by.reload(options_), "");
  EXPECT_TRUE(by.authenticate(fresh));
}

TEST_F(authenticator_test, does_not_start_with_a_key_that_cannot_be_had) {
  options_.public_key_files = {"/nowhere/key.pem"};
  EXPECT_THROW(authenticator(options_, clock_), std::runtime_error);
}

}  // namespace
}  // namespace flowcast::auth
