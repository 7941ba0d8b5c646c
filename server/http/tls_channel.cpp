#include "http/tls_channel.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace flowcast::http {

using realtime::next_step;
using realtime::transfer;

namespace {

constexpr std::size_t record_size = std::size_t{16} * 1024;

// A BIO that appends what it is written to a string.
int append(BIO* bio, const char* bytes, int size) {
  static_cast<std::string*>(BIO_get_data(bio))->append(bytes, static_cast<std::size_t>(size));
  return size;
}

long control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* appending() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "append");
    if (made != nullptr) {
      BIO_meth_set_write(made, append);
      BIO_meth_set_ctrl(made, control);
    }
    return made;
  }();
  return method;
}

}  // namespace

void tls_channel::deleter::operator()(SSL* session) const {
  SSL_free(session);
}

std::unique_ptr<tls_channel> tls_channel::accept(SSL_CTX* context, int descriptor) {
  std::unique_ptr<SSL, deleter> session(SSL_new(context));
  BIO* const in = BIO_new_socket(descriptor, BIO_NOCLOSE);
  BIO* const out = appending() == nullptr ? nullptr : BIO_new(appending());
  if (!session || in == nullptr || out == nullptr) {
    BIO_free(in);
    BIO_free(out);
    return nullptr;
  }
  BIO_set_init(out, 1);
  SSL_set_bio(session.get(), in, out);  // which owns them now
  SSL_set_accept_state(session.get());
  std::unique_ptr<tls_channel> made(new tls_channel(std::move(session), descriptor));
  BIO_set_data(out, &made->records_);
  return made;
}

tls_channel::tls_channel(std::unique_ptr<SSL, deleter> session, int descriptor)
    : session_(std::move(session)), descriptor_(descriptor) {}

tls_channel::~tls_channel() = default;

transfer tls_channel::receive(std::span<char> into) {
  if (broken_) {
    return {0, next_step::ended};
  }
  ERR_clear_error();
  const int wanted = static_cast<int>(std::min(into.size(), record_size));
  const int size = SSL_read(session_.get(), into.data(), wanted);
  // A handshake's part, or an answer to a change of keys.
  const next_step sent = flush();
  if (size > 0) {
    return {static_cast<std::size_t>(size), next_step::go_on};
  }
  const next_step then = failed(size);
  return {0, sent == next_step::ended ? sent : then};
}

transfer tls_channel::send(std::string_view bytes) {
  if (broken_) {
    return {0, next_step::ended};
  }
  next_step then = flush();
  std::size_t taken = 0;
  while (then == next_step::go_on && taken < bytes.size()) {
    ERR_clear_error();
    const std::size_t piece = std::min(bytes.size() - taken, record_size);
    const int size = SSL_write(session_.get(), bytes.data() + taken, static_cast<int>(piece));
    if (size <= 0) {
      return {taken, failed(size)};
    }
    taken += static_cast<std::size_t>(size);
    then = flush();
  }
  return {taken, then};
}

void tls_channel::finish() {
  if (!broken_ && !std::exchange(finishing_, true)) {
    ERR_clear_error();
    SSL_shutdown(session_.get());  // its answer is not waited for
    if (flush() == next_step::ended) {
      broken_ = true;
    }
  }
}

next_step tls_channel::failed(int returned) {
  switch (SSL_get_error(session_.get(), returned)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return next_step::wait;
    case SSL_ERROR_SSL:
      if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST) {
        answer_plain_http();
      }
      [[fallthrough]];
    default:
      ERR_clear_error();
      broken_ = true;
      return next_step::ended;
  }
}

next_step tls_channel::flush() {
  std::size_t sent = 0;
  next_step then = next_step::go_on;
  while (sent < records_.size()) {
    const ssize_t size = ::send(descriptor_, records_.data() + sent, records_.size() - sent,
                                MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size >= 0) {
      sent += static_cast<std::size_t>(size);
    } else if (errno != EINTR) {
      then = errno == EAGAIN || errno == EWOULDBLOCK ? next_step::wait : next_step::ended;
      break;
    }
  }
  records_.erase(0, sent);
  if (records_.empty()) {
    records_ = std::string();
    if (finishing_) {
      ::shutdown(descriptor_, SHUT_WR);  // fails where the peer has gone already
    }
  }
  return then;
}

void tls_channel::answer_plain_http() {
  constexpr std::string_view answer =
      "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 43\r\n"
      "Connection: close\r\n\r\nthis port speaks HTTPS: use an https:// URL";
  // Nothing else was ever sent here, so it fits.
  (void)::send(descriptor_, answer.data(), answer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace flowcast::http
