#include <cerrno>
#include <cstddef>

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "realtime/stream.hpp"

namespace flowcast::realtime {

namespace {

next_step why_not() {
  return errno == EAGAIN || errno == EWOULDBLOCK ? next_step::wait : next_step::ended;
}

}  // namespace

stream::~stream() {
  if (descriptor_ != no_socket)
    ::close(descriptor_);
}

transfer stream::receive(std::span<char> into) {
  if (channel_ != nullptr)
    return channel_->receive(into);
  for (;;) {
    const long size = ::syscall(SYS_recvfrom, descriptor_, into.data(), into.size(), MSG_DONTWAIT,
                                nullptr, nullptr);
    if (size > 0) {
      const auto bytes = static_cast<std::size_t>(size);
      return {bytes, bytes < into.size() ? next_step::wait : next_step::go_on};
    }
    if (size == 0)
      return {0, next_step::ended};
    if (errno != EINTR)
      return {0, why_not()};
  }
}

transfer stream::send(std::string_view bytes) {
  if (channel_ != nullptr)
    return channel_->send(bytes);
  for (;;) {
    // The system call itself: libc's send() is a place where a thread may be cancelled, and says so
    // to the others twice. No thread here is, and that was a third of what a delivery took.
    const long size = ::syscall(SYS_sendto, descriptor_, bytes.data(), bytes.size(),
                                MSG_DONTWAIT | MSG_NOSIGNAL, nullptr, 0);
    if (size >= 0) {
      const auto sent = static_cast<std::size_t>(size);
      return {sent, sent < bytes.size() ? next_step::wait : next_step::go_on};
    }
    if (errno != EINTR)
      return {0, why_not()};
  }
}

void stream::finish() {
  if (channel_ != nullptr) {
    channel_->finish();
  } else {
    ::shutdown(descriptor_, SHUT_WR);  // fails where the peer has gone: nobody is left to tell
  }
}

}  // namespace flowcast::realtime
