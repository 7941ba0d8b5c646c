#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <system_error>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <sys/epoll.h>

#include "realtime/socket_set.hpp"

// An epoll set of its own is one descriptor of the io_context; edge-triggered.
namespace flowcast::realtime {

namespace {

constexpr std::size_t batch_size = 128;

int make_set() {
  const int set = ::epoll_create1(EPOLL_CLOEXEC);
  if (set < 0)
    throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return set;
}

readiness told_by(std::uint32_t events) {
  return {.readable = (events & EPOLLIN) != 0,
          .writable = (events & EPOLLOUT) != 0,
          .hung_up = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0};
}

}  // namespace

struct socket_set::system {
  system(boost::asio::io_context& context, socket_set& of) : set(context, make_set()), owner(of) {}

  void wait() {
    set.async_wait(boost::asio::posix::descriptor_base::wait_read,
                   [this](const boost::system::error_code& error) {
                     if (error)
                       return;  // only at the end of the shard
                     serve();
                     owner.end_turn();
                     wait();
                   });
  }

  void serve() {
    const int ready =
        ::epoll_wait(set.native_handle(), batch.data(), static_cast<int>(batch.size()), 0);
    batch_end = ready > 0 ? static_cast<std::size_t>(ready) : 0;
    for (batch_at = 0; batch_at < batch_end;) {
      const epoll_event event = batch[batch_at++];
      if (event.data.ptr != nullptr)
        static_cast<socket_member*>(event.data.ptr)->on_ready(told_by(event.events));
    }
  }

  boost::asio::posix::stream_descriptor set;
  socket_set& owner;
  std::array<epoll_event, batch_size> batch{};
  std::size_t batch_at = 0;
  std::size_t batch_end = 0;
};

socket_set::socket_set(boost::asio::io_context& context, std::function<void()> after_turn)
    : context_(context),
      after_turn_(std::move(after_turn)),
      system_(std::make_unique<system>(context, *this)),
      buffer_(std::make_unique<std::array<char, buffer_size>>()) {
  system_->wait();
}

socket_set::~socket_set() = default;

bool socket_set::add(socket_handle socket, socket_member& member) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &member;
  return ::epoll_ctl(system_->set.native_handle(), EPOLL_CTL_ADD, socket, &event) == 0;
}

void socket_set::remove(socket_handle socket, socket_member& member) {
  // Only a socket that is not in the set makes it fail.
  ::epoll_ctl(system_->set.native_handle(), EPOLL_CTL_DEL, socket, nullptr);
  for (std::size_t i = system_->batch_at; i < system_->batch_end; ++i) {
    if (system_->batch[i].data.ptr == &member)
      system_->batch[i].data.ptr = nullptr;
  }
  forget_turns(member);
}

}  // namespace flowcast::realtime
