#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "realtime/secure_channel.hpp"
#include "realtime/socket_handle.hpp"

using SSL_CTX = struct ssl_ctx_st;

namespace flowcast::http {

// PEM files.
struct tls_files {
  std::string certificate;  // with the chain behind it
  std::string key;
};

// A certificate and what is spoken with it: TLS 1.2 and 1.3, HTTP/1.1. Thread-safe.
class tls_context {
 public:
  // At start-up: throws std::runtime_error, with what to do, where the files cannot be used.
  explicit tls_context(tls_files files);
  ~tls_context();
  tls_context(const tls_context&) = delete;
  tls_context& operator=(const tls_context&) = delete;

  // Reads the files again, for the connections from now on. Where they cannot be used, what was
  // there stays, and why is returned.
  [[nodiscard]] std::string reload();

  // The server's side of one connection's encryption; the socket stays the caller's. nullptr
  // where OpenSSL has no memory for it.
  [[nodiscard]] std::unique_ptr<realtime::secure_channel> accept(
      realtime::socket_handle socket) const;

 private:
  struct deleter {
    void operator()(SSL_CTX* context) const;
  };
  using context_pointer = std::unique_ptr<SSL_CTX, deleter>;

  [[nodiscard]] context_pointer load() const;

  tls_files files_;
  mutable std::mutex mutex_;
  context_pointer context_;
};

}  // namespace flowcast::http
