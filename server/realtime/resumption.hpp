#pragma once

#include "hub/listener.hpp"
#include "realtime/client_context.hpp"
#include "realtime/recovery_token.hpp"
#include "realtime/resumable_sessions.hpp"
#include "realtime/subscription_wish.hpp"

namespace flowcast::realtime {

// A client that recovers by its pid alone, for as long as it is connected: its token, and that what
// it subscribes to is remembered for when it comes back. Nothing is, before it has subscribed to
// anything or come back. On the shard's thread.
class resumption {
 public:
  // The context and the listener must outlive it.
  resumption(client_context& context, const hub::listener& listener, recovery_token token);
  // It has left: from now on what is remembered is bounded.
  ~resumption();
  resumption(const resumption&) = delete;
  resumption& operator=(const resumption&) = delete;

  [[nodiscard]] const recovery_token& token() const { return token_; }

  // It is back, `here`. Returns what was remembered until now.
  [[nodiscard]] resumable_sessions::memory come_back(resumable_sessions::place here);

  // All that the listener hears, unless it is remembered already.
  void remember();
  // What the listener has just begun or ceased to hear.
  void remember(const subscription_wish& change, bool subscribe);

 private:
  client_context& context_;
  const hub::listener& listener_;
  const recovery_token token_;
  bool is_remembered_ = false;  // it has arrived at the resumable sessions
};

}  // namespace flowcast::realtime
