#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "auth/auth_options.hpp"
#include "auth/identity.hpp"
#include "records/error.hpp"

namespace flowcast::auth {

// Knows who somebody is by a token or a key that they bring. Safe to use from any thread.
class authenticator {
 public:
  using clock_reader = std::function<wall_clock::time_point()>;

  // Throws std::runtime_error, with what to do, for keys that cannot be had.
  explicit authenticator(const auth_options& options, clock_reader now = wall_clock::now);
  ~authenticator();
  authenticator(const authenticator&) = delete;
  authenticator& operator=(const authenticator&) = delete;

  // False: everybody may do everything, and nobody is asked.
  [[nodiscard]] bool on() const { return on_; }

  // not_authenticated, with why. Not called while authentication is off.
  [[nodiscard]] records::result<identity_ptr> authenticate(std::string_view token) const;
  // Of who brings no token; nullptr while authentication is off.
  [[nodiscard]] identity_ptr anonymous() const;

  // Who somebody is by now who was known: the same, or with other rights where the settings have
  // changed. not_authenticated where their token has expired, or they, their token or the key that
  // signed it are not known any more.
  [[nodiscard]] records::result<identity_ptr> again(const identity_ptr& who) const;
  [[nodiscard]] wall_clock::time_point now() const { return now_(); }

  // Reads keys anew, and takes what else may change from `options`. What was wrong, or nothing;
  // then all stays as it was. Authentication is not turned on or off.
  [[nodiscard]] std::string reload(const auth_options& options);

  // A JWK set that one of the settings' URLs has given: its keys take the place of those that came
  // from there before. What is wrong with it, or nothing; then those stay.
  [[nodiscard]] std::string take_key_set(const std::string& url, std::string_view json);
  // Whether, since it was asked last, there was a token that no key verifies: a new key may be had.
  [[nodiscard]] bool takes_unknown_key() const { return unknown_key_.exchange(false); }

  // For people: how tokens are verified: "RS256 or PS256, HS256".
  [[nodiscard]] std::string algorithms() const;

 private:
  struct known;
  using key_sets = std::map<std::string, std::vector<token_key>>;  // by URL

  [[nodiscard]] static std::shared_ptr<const known> read(const auth_options& options,
                                                         key_sets fetched);
  [[nodiscard]] std::shared_ptr<const known> current() const;

  clock_reader now_;
  bool on_;
  mutable std::atomic<bool> unknown_key_ = false;
  std::mutex changes_;  // held over reading and replacing: none of two is lost
  mutable std::mutex mutex_;
  std::shared_ptr<const known> known_;  // immutable; replaced by reload()
};

}  // namespace flowcast::auth
