#include "http/download.hpp"

#include <array>
#include <ctime>
#include <memory>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/http.h>
#include <openssl/ssl.h>

namespace flowcast::http {

namespace {

struct deleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(OSSL_HTTP_REQ_CTX* exchange) const { OSSL_HTTP_close(exchange, 1); }
  void operator()(char* text) const { OPENSSL_free(text); }
};

template <class T>
using owned = std::unique_ptr<T, deleter>;

struct secured_by {
  SSL_CTX* context;
  char* host;
};

records::error failed(std::string why) {
  return {records::errc::bad_gateway, std::move(why), {}, {}};
}

std::string last_fault() {
  std::string text;
  while (const unsigned long code = ERR_get_error()) {
    const char* const reason = ERR_reason_error_string(code);
    if (reason != nullptr)
      text.append(text.empty() ? "" : ", ").append(reason);
  }
  return text.empty() ? "nothing was answered in time" : text;
}

// Called by OpenSSL's HTTP client when it has connected, to put TLS onto that; and when it is done,
// after which it frees all of it.
BIO* secure(BIO* connection, void* given, int connects, int with_tls) {
  if (connects == 0 || with_tls == 0) {
    return connection;
  }
  const secured_by& by = *static_cast<secured_by*>(given);
  BIO* const tls = BIO_new_ssl(by.context, 1);
  SSL* session = nullptr;
  if (tls == nullptr || BIO_get_ssl(tls, &session) != 1 ||
      SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, by.host) != 1 ||
      SSL_set1_host(session, by.host) != 1) {
    BIO_free(tls);
    return nullptr;
  }
  return BIO_push(tls, connection);
}

records::result<std::string> read_all(BIO* from, std::size_t most, std::time_t until) {
  std::string body;
  std::array<char, std::size_t{16}* 1024> part = {};
  for (;;) {
    std::size_t size = 0;
    if (BIO_read_ex(from, part.data(), part.size(), &size) == 1) {
      body.append(part.data(), size);
      if (body.size() > most)
        return failed("the answer is longer than " + std::to_string(most) + " bytes");
    } else if (BIO_should_retry(from) == 0) {
      return body;
    } else if (BIO_wait(from, until, 0) != 1) {
      return failed("the answer did not arrive in time");
    }
  }
}

}  // namespace

// OSSL_HTTP_get() would do all of it, but frees the connection twice where the answer is no ASN.1
// (OpenSSL 3.0).
records::result<std::string> download(const std::string& url, std::size_t most,
                                      std::chrono::seconds patience) {
  ERR_clear_error();
  char* host_found = nullptr;
  char* port_found = nullptr;
  char* path_found = nullptr;
  int with_tls = 0;
  const bool is_url = OSSL_HTTP_parse_url(url.c_str(), &with_tls, nullptr, &host_found, &port_found,
                                          nullptr, &path_found, nullptr, nullptr) == 1;
  const owned<char> host(host_found);
  const owned<char> port(port_found);
  const owned<char> path(path_found);
  if (!is_url)
    return failed("this is no URL: " + last_fault());

  const owned<SSL_CTX> context(SSL_CTX_new(TLS_client_method()));
  if (!context || SSL_CTX_set_default_verify_paths(context.get()) != 1)
    return failed(last_fault());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);

  const int seconds = static_cast<int>(patience.count());
  const std::time_t until = std::time(nullptr) + seconds;
  secured_by by{context.get(), host.get()};
  const owned<OSSL_HTTP_REQ_CTX> exchange(OSSL_HTTP_open(
      host.get(), port.get(), "", nullptr, with_tls, nullptr, nullptr, secure, &by, 0, seconds));
  if (!exchange || OSSL_HTTP_set1_request(exchange.get(), path.get(), nullptr, nullptr, nullptr,
                                          nullptr, 0, most, seconds, 0) != 1)
    return failed(last_fault());
  BIO* const answer = OSSL_HTTP_exchange(exchange.get(), nullptr);
  // A page about an error is handed over, too, beside the error.
  const bool is_right = answer != nullptr && ERR_peek_error() == 0;
  auto body = is_right ? read_all(answer, most, until) : failed(last_fault());
  BIO_free(answer);  // one of the two that hold it
  return body;
}

}  // namespace flowcast::http
