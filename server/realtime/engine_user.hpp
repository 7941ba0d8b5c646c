#pragma once

#include <memory>
#include <string_view>

#include "realtime/end_reason.hpp"

namespace flowcast::realtime {

// What lives on an Engine.IO session and is owned by it. Any of the calls may end the session.
class engine_user {
 public:
  engine_user() = default;
  engine_user(const engine_user&) = delete;
  engine_user& operator=(const engine_user&) = delete;
  virtual ~engine_user() = default;

  // The session is open: its client has been told, and may be sent to.
  virtual void on_open() = 0;
  virtual void on_text(std::string_view message) = 0;
  virtual void on_binary(std::string_view message) = 0;
  // What had to wait has left; or the session has moved to another transport.
  virtual void on_writable() = 0;
  // It has not been told connected() in time.
  virtual void on_connect_timeout() = 0;
  // The last call but for the destructor, which follows from the shard's loop. Nothing can be sent
  // any more.
  virtual void on_end(end_reason why) = 0;

  // The client's; empty: not known.
  [[nodiscard]] virtual std::string_view address() const = 0;
};

}  // namespace flowcast::realtime
