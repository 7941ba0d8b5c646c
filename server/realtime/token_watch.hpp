#pragma once

#include <chrono>
#include <map>
#include <optional>

#include <boost/asio/steady_timer.hpp>

#include "auth/authenticator.hpp"
#include "hub/shard.hpp"

namespace flowcast::realtime {

// The clients of a shard that somebody is logged in on, by when their tokens expire: one timer for
// all, and nothing for those that nobody is logged in on. On the shard's thread.
class token_watch {
 public:
  // A client's place here. It leaves by itself.
  class login {
   public:
    login(token_watch& watch, auth::identity_ptr who);
    login(const login&) = delete;
    login& operator=(const login&) = delete;
    virtual ~login();

    [[nodiscard]] const auth::identity_ptr& who() const { return who_; }
    void become(auth::identity_ptr who);

   private:
    friend class token_watch;

    // The token expires soon: a new one is wanted. Once a token.
    virtual void on_token_expiring() = 0;
    // It has expired, or was revoked. Called once; the client is to be sent away.
    virtual void on_token_invalid() = 0;
    // By the settings as they are now, they may do something else than before. Not from within a
    // call to the client.
    virtual void on_rights_changed(auth::identity_ptr now) = 0;

    void leave();

    token_watch* watch_;
    auth::identity_ptr who_;
    std::optional<std::multimap<auth::wall_clock::time_point, login*>::iterator> place_;
    bool warned_ = false;
  };

  token_watch(hub::shard& shard, const auth::authenticator& by);
  token_watch(const token_watch&) = delete;
  token_watch& operator=(const token_watch&) = delete;
  ~token_watch() = default;

  // Tells those whose token has expired, was revoked or is not known any more, and those who may
  // now do something else.
  void check();

 private:
  void place(login& who, auth::wall_clock::time_point when);
  void set_timer();
  void on_timer();

  const auth::authenticator* by_;
  boost::asio::steady_timer timer_;
  std::multimap<auth::wall_clock::time_point, login*> logins_;  // by what is next for them
};

}  // namespace flowcast::realtime
