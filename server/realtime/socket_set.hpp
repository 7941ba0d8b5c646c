#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "realtime/socket_handle.hpp"

namespace flowcast::realtime {

// What a socket has become.
struct readiness {
  bool readable = false;
  bool writable = false;
  bool hung_up = false;  // the peer has ended its side, or the connection is broken
};

// Who is told that its socket is ready.
class socket_member {
 public:
  socket_member() = default;
  socket_member(const socket_member&) = delete;
  socket_member& operator=(const socket_member&) = delete;
  virtual ~socket_member() = default;

  // Told once for each change: the socket is to be read until it would block, or put on with
  // read_on(), and written to until it would block.
  virtual void on_ready(readiness now) = 0;
};

// The sockets of a shard's sessions, watched by the operating system as one thing that the shard's
// io_context waits for: an epoll set on Linux, an event object on Windows. A socket costs what the
// kernel keeps for it, and nothing here (on Windows, an entry in a list).
class socket_set {
 public:
  // `after_turn` is called when all that were ready have been told, if it is given.
  explicit socket_set(boost::asio::io_context& context, std::function<void()> after_turn = {});
  ~socket_set();
  socket_set(const socket_set&) = delete;
  socket_set& operator=(const socket_set&) = delete;

  // False: the kernel refused.
  bool add(socket_handle socket, socket_member& member);
  // The socket stays open. No more calls to the member.
  void remove(socket_handle socket, socket_member& member);

  // Calls the member again, as readable, after the others had their turn: it has not read all
  // there is.
  void read_on(socket_member& member);

  // What members read into: one buffer for all, its contents lost with the next call.
  std::span<char> buffer() { return *buffer_; }

 private:
  static constexpr std::size_t buffer_size = std::size_t{64} * 1024;

  struct system;  // the operating system's part

  void end_turn();
  void serve_unfinished();
  void forget_turns(socket_member& member);

  boost::asio::io_context& context_;
  std::function<void()> after_turn_;
  std::unique_ptr<system> system_;
  std::unique_ptr<std::array<char, buffer_size>> buffer_;
  std::vector<socket_member*> unfinished_;
  std::vector<socket_member*> turn_;
};

}  // namespace flowcast::realtime
