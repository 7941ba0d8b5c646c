#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <sys/epoll.h>

namespace flowcast::realtime {

// Who is told that its socket is ready.
class socket_member {
 public:
  socket_member() = default;
  socket_member(const socket_member&) = delete;
  socket_member& operator=(const socket_member&) = delete;
  virtual ~socket_member() = default;

  // EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLHUP, EPOLLERR; edge-triggered: to be read until it would
  // block, or put on with read_on().
  virtual void on_ready(std::uint32_t events) = 0;
};

// The sockets of a shard's sessions: an epoll set of its own that is one descriptor of the shard's
// io_context. A socket costs what the kernel keeps for it, and nothing here.
class socket_set {
 public:
  explicit socket_set(boost::asio::io_context& context);
  ~socket_set();
  socket_set(const socket_set&) = delete;
  socket_set& operator=(const socket_set&) = delete;

  // False: the kernel refused, and errno says why.
  bool add(int descriptor, socket_member& member);
  // The descriptor stays open. No more calls to the member.
  void remove(int descriptor, socket_member& member);

  // Calls the member again, with EPOLLIN, after the others had their turn: it has not read all
  // there is.
  void read_on(socket_member& member);

  // What members read into: one buffer for all, its contents lost with the next call.
  std::span<char> buffer() { return *buffer_; }

 private:
  static constexpr std::size_t buffer_size = std::size_t{64} * 1024;
  static constexpr std::size_t batch_size = 128;

  void wait();
  void serve();
  void serve_unfinished();

  boost::asio::posix::stream_descriptor set_;
  std::unique_ptr<std::array<char, buffer_size>> buffer_;
  std::array<epoll_event, batch_size> batch_{};
  std::size_t batch_at_ = 0;
  std::size_t batch_end_ = 0;
  std::vector<socket_member*> unfinished_;
  std::vector<socket_member*> turn_;
};

}  // namespace flowcast::realtime
