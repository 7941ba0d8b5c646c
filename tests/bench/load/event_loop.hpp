#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <sys/epoll.h>

namespace flowcast::bench {

// What is told when its descriptor can be read or written.
class ready_handler {
 public:
  ready_handler() = default;
  ready_handler(const ready_handler&) = delete;
  ready_handler& operator=(const ready_handler&) = delete;
  virtual ~ready_handler() = default;
  // `tag` as given to watch(); `events` as from epoll.
  virtual void on_ready(std::uint32_t tag, std::uint32_t events) = 0;
};

// One epoll set, level-triggered: the load generator's only wait. One thread.
class event_loop {
 public:
  event_loop();
  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;
  ~event_loop();

  // Up to 16 handlers, which outlive the loop's last turn.
  std::uint32_t add(ready_handler& handler);
  void watch(int descriptor, std::uint32_t handler, std::uint32_t tag, std::uint32_t events) const;
  void forget(int descriptor) const;

  // Waits up to so many milliseconds, and tells what is ready.
  void turn(int timeout_ms);
  // Turns until `done`; false: it was not within so many seconds.
  bool until(const std::function<bool()>& done, double seconds);

 private:
  int epoll_;
  std::vector<ready_handler*> handlers_;
  std::vector<epoll_event> ready_;
};

// A connected TCP socket on the loopback, or -1. Non-blocking.
int connect_loopback(std::uint16_t port);
// Closes without TIME_WAIT: thousands of clients come and go in one run.
void close_at_once(int descriptor);

// Nanoseconds of the monotonic clock.
std::int64_t now_ns();

}  // namespace flowcast::bench
