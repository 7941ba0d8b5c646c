#include "http/tls_context.hpp"

#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "http/tls_channel.hpp"

namespace flowcast::http {

namespace {

std::string last_fault() {
  std::array<char, 256> text = {};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

[[noreturn]] void refuse(const std::string& what, const std::string& file, const char* advice) {
  throw std::runtime_error(what + " " + file + " (" + last_fault() + "): " + advice);
}

// HTTP/1.1 is all that is spoken; a client that offers no such thing gets it all the same.
int select_protocol(SSL* /*session*/, const unsigned char** out, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void* /*argument*/) {
  constexpr std::string_view wanted = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  const int found =
      SSL_select_next_proto(&chosen, size, reinterpret_cast<const unsigned char*>(wanted.data()),
                            static_cast<unsigned>(wanted.size()), offered, offered_size);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

tls_context::tls_context(tls_files files) : files_(std::move(files)), context_(load()) {}

tls_context::~tls_context() = default;

void tls_context::deleter::operator()(SSL_CTX* context) const {
  SSL_CTX_free(context);
}

tls_context::context_pointer tls_context::load() const {
  ERR_clear_error();
  context_pointer made(SSL_CTX_new(TLS_server_method()));
  if (!made) {
    throw std::runtime_error("OpenSSL cannot be used: " + last_fault());
  }
  SSL_CTX* const context = made.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  // Idle connections hold no record buffers.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, select_protocol, nullptr);
  if (SSL_CTX_use_certificate_chain_file(context, files_.certificate.c_str()) != 1) {
    refuse("cannot use the certificate", files_.certificate,
           "tls-certificate must be a PEM file with the server's certificate first, and the chain "
           "behind it");
  }
  if (SSL_CTX_use_PrivateKey_file(context, files_.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    refuse("cannot use the key", files_.key,
           "tls-key must be the PEM file of the certificate's private key, without a pass phrase");
  }
  if (SSL_CTX_check_private_key(context) != 1) {
    refuse("the key does not belong to the certificate", files_.certificate,
           "give the tls-key that the certificate was made for");
  }
  return made;
}

std::string tls_context::reload() {
  try {
    context_pointer fresh = load();
    const std::lock_guard lock(mutex_);
    context_.swap(fresh);
    return {};
  } catch (const std::runtime_error& failed) {
    return failed.what();
  }
}

std::unique_ptr<realtime::secure_channel> tls_context::accept(
    realtime::socket_handle socket) const {
  const std::lock_guard lock(mutex_);
  return tls_channel::accept(context_.get(), socket);
}

}  // namespace flowcast::http
