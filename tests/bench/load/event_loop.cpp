#include "bench/load/event_loop.hpp"

#include <chrono>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace flowcast::bench {

event_loop::event_loop() : epoll_(epoll_create1(EPOLL_CLOEXEC)), ready_(512) {}

event_loop::~event_loop() {
  close(epoll_);
}

std::uint32_t event_loop::add(ready_handler& handler) {
  handlers_.push_back(&handler);
  return static_cast<std::uint32_t>(handlers_.size() - 1);
}

void event_loop::watch(int descriptor, std::uint32_t handler, std::uint32_t tag,
                       std::uint32_t events) const {
  epoll_event event{};
  event.events = events;
  event.data.u64 = std::uint64_t{handler} << 32 | tag;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
}

void event_loop::forget(int descriptor) const {
  epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

void event_loop::turn(int timeout_ms) {
  const int count = epoll_wait(epoll_, ready_.data(), static_cast<int>(ready_.size()), timeout_ms);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = ready_[static_cast<std::size_t>(i)];
    handlers_[event.data.u64 >> 32]->on_ready(static_cast<std::uint32_t>(event.data.u64),
                                              event.events);
  }
}

bool event_loop::until(const std::function<bool()>& done, double seconds) {
  const std::int64_t deadline = now_ns() + static_cast<std::int64_t>(seconds * 1e9);
  while (!done()) {
    if (now_ns() > deadline)
      return false;
    turn(20);
  }
  return true;
}

int connect_loopback(std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0)
    return -1;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // The C interface of sockets. NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(descriptor);
    return -1;
  }
  const int one = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  // On the loopback a connect is done at once, or refused; from here on nothing blocks.
  fcntl(descriptor, F_SETFL, O_NONBLOCK);
  return descriptor;
}

void close_at_once(int descriptor) {
  const linger at_once{1, 0};
  setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(descriptor);
}

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace flowcast::bench
