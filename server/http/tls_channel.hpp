#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "realtime/secure_channel.hpp"

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace flowcast::http {

// TLS on one non-blocking socket, by OpenSSL. It reads from the socket itself, and writes records
// to a buffer that is sent at once: what the socket did not take waits here, so that bytes once
// taken are never asked for again, as OpenSSL by itself would. (Asio's ssl::stream does the same
// with two buffers of 17 KB that a connection holds for good.)
//
// The handshake goes on by itself in receive().
class tls_channel final : public realtime::secure_channel {
 public:
  // nullptr where there is no memory for it.
  [[nodiscard]] static std::unique_ptr<tls_channel> accept(SSL_CTX* context, int descriptor);
  ~tls_channel() override;
  tls_channel(const tls_channel&) = delete;
  tls_channel& operator=(const tls_channel&) = delete;

  [[nodiscard]] realtime::transfer receive(std::span<char> into) override;
  [[nodiscard]] realtime::transfer send(std::string_view bytes) override;
  void finish() override;

 private:
  struct deleter {
    void operator()(SSL* session) const;
  };

  tls_channel(std::unique_ptr<SSL, deleter> session, int descriptor);
  [[nodiscard]] realtime::next_step failed(int returned);
  [[nodiscard]] realtime::next_step flush();
  void answer_plain_http();

  std::unique_ptr<SSL, deleter> session_;
  const int descriptor_;
  std::string records_;     // encrypted, not yet sent
  bool finishing_ = false;  // to be shut down when all is sent
  bool broken_ = false;
};

}  // namespace flowcast::http
