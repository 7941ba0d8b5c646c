#include "http/stream.hpp"

#include <cerrno>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

namespace flowcast::http {

stream::~stream() {
  if (descriptor_ != -1) {
    ::close(descriptor_);
  }
}

stream::outcome stream::receive(std::span<char> into) {
  for (;;) {
    const ssize_t size = ::recv(descriptor_, into.data(), into.size(), MSG_DONTWAIT);
    if (size > 0) {
      return {static_cast<std::size_t>(size), next::go_on};
    }
    if (size == 0) {
      return {0, next::ended};
    }
    if (errno != EINTR) {
      return {0, errno == EAGAIN || errno == EWOULDBLOCK ? next::wait : next::ended};
    }
  }
}

stream::outcome stream::send(std::string_view bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t size =
        ::send(descriptor_, bytes.data() + sent, bytes.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size >= 0) {
      sent += static_cast<std::size_t>(size);
    } else if (errno != EINTR) {
      return {sent, errno == EAGAIN || errno == EWOULDBLOCK ? next::wait : next::ended};
    }
  }
  return {sent, next::go_on};
}

void stream::finish() {
  ::shutdown(descriptor_, SHUT_WR);  // fails where the peer has gone: nobody is left to tell
}

int stream::release() {
  return std::exchange(descriptor_, -1);
}

}  // namespace flowcast::http
