#pragma once

#include <string>
#include <string_view>

#include "realtime/engine_session.hpp"
#include "realtime/engine_user.hpp"

namespace flowcast::conformance {

// What the public Engine.IO suites expect at /engine.io/: every message comes back.
class engine_echo final : public realtime::engine_user {
 public:
  explicit engine_echo(realtime::engine_session& session) : session_(&session) {}

  void on_open() override { session_->connected(); }
  void on_text(std::string_view message) override {
    session_->send_text("4" + std::string(message));
  }
  void on_binary(std::string_view message) override { session_->send_binary(std::string(message)); }
  void on_writable() override {}
  void on_connect_timeout() override {}
  void on_end(realtime::end_reason /*why*/) override {}
  [[nodiscard]] std::string_view address() const override { return {}; }

 private:
  realtime::engine_session* session_;
};

}  // namespace flowcast::conformance
