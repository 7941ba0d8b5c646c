#include <algorithm>
#include <cstddef>
#include <limits>

#include <winsock2.h>

#include "realtime/stream.hpp"

namespace flowcast::realtime {

namespace {

next_step why_not() {
  return ::WSAGetLastError() == WSAEWOULDBLOCK ? next_step::wait : next_step::ended;
}

// Winsock counts in int.
int part_of(std::size_t size) {
  return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
}

}  // namespace

stream::~stream() {
  if (descriptor_ != no_socket)
    ::closesocket(descriptor_);
}

transfer stream::receive(std::span<char> into) {
  if (channel_ != nullptr)
    return channel_->receive(into);
  const int size = ::recv(descriptor_, into.data(), part_of(into.size()), 0);
  if (size < 0)
    return {0, why_not()};
  if (size == 0)
    return {0, next_step::ended};
  const auto bytes = static_cast<std::size_t>(size);
  return {bytes, bytes < into.size() ? next_step::wait : next_step::go_on};
}

transfer stream::send(std::string_view bytes) {
  if (channel_ != nullptr)
    return channel_->send(bytes);
  std::size_t sent = 0;
  // Until it would block: only after that does Winsock tell when there is room again.
  do {
    const int size = ::send(descriptor_, bytes.data() + sent, part_of(bytes.size() - sent), 0);
    if (size < 0)
      return {sent, why_not()};
    sent += static_cast<std::size_t>(size);
  } while (sent < bytes.size());
  return {sent, next_step::go_on};
}

void stream::finish() {
  if (channel_ != nullptr) {
    channel_->finish();
  } else {
    ::shutdown(descriptor_, SD_SEND);  // fails where the peer has gone: nobody is left to tell
  }
}

}  // namespace flowcast::realtime
