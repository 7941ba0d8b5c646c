#pragma once

#include <functional>
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

  // Whether somebody who was known may stay: they have been revoked, or their token has expired.
  [[nodiscard]] bool still_valid(const identity& who) const;
  [[nodiscard]] wall_clock::time_point now() const { return now_(); }

  // Reads keys anew, and takes what else may change from `options`. What was wrong, or nothing;
  // then all stays as it was. Authentication is not turned on or off.
  [[nodiscard]] std::string reload(const auth_options& options);

  // For people: how tokens are verified: "RS256 or PS256, HS256".
  [[nodiscard]] std::string algorithms() const;

 private:
  struct known;

  [[nodiscard]] static std::shared_ptr<const known> read(const auth_options& options);
  [[nodiscard]] std::shared_ptr<const known> current() const;

  clock_reader now_;
  bool on_;
  mutable std::mutex mutex_;
  std::shared_ptr<const known> known_;  // immutable; replaced by reload()
};

}  // namespace flowcast::auth
