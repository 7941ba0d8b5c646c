#include "realtime/socket_set.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <boost/asio/post.hpp>

namespace flowcast::realtime {

namespace {

int make_set() {
  const int set = ::epoll_create1(EPOLL_CLOEXEC);
  if (set < 0)
    throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return set;
}

}  // namespace

socket_set::socket_set(boost::asio::io_context& context)
    : set_(context, make_set()), buffer_(std::make_unique<std::array<char, buffer_size>>()) {
  wait();
}

socket_set::~socket_set() = default;

bool socket_set::add(int descriptor, socket_member& member) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &member;
  return ::epoll_ctl(set_.native_handle(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void socket_set::remove(int descriptor, socket_member& member) {
  // Only a descriptor that is not in the set makes it fail.
  ::epoll_ctl(set_.native_handle(), EPOLL_CTL_DEL, descriptor, nullptr);
  for (std::size_t i = batch_at_; i < batch_end_; ++i) {
    if (batch_[i].data.ptr == &member)
      batch_[i].data.ptr = nullptr;
  }
  std::replace(unfinished_.begin(), unfinished_.end(), &member,
               static_cast<socket_member*>(nullptr));
  std::replace(turn_.begin(), turn_.end(), &member, static_cast<socket_member*>(nullptr));
}

void socket_set::read_on(socket_member& member) {
  if (unfinished_.empty())
    boost::asio::post(set_.get_executor(), [this] { serve_unfinished(); });
  unfinished_.push_back(&member);
}

void socket_set::wait() {
  set_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                  [this](const boost::system::error_code& error) {
                    if (error)
                      return;  // only at the end of the shard
                    serve();
                    wait();
                  });
}

void socket_set::serve_unfinished() {
  turn_.swap(unfinished_);
  // By reference: one may remove another before its turn.
  for (socket_member* const& each : turn_) {
    if (each != nullptr)
      each->on_ready(EPOLLIN);
  }
  turn_.clear();
}

void socket_set::serve() {
  const int ready =
      ::epoll_wait(set_.native_handle(), batch_.data(), static_cast<int>(batch_.size()), 0);
  batch_end_ = ready > 0 ? static_cast<std::size_t>(ready) : 0;
  for (batch_at_ = 0; batch_at_ < batch_end_;) {
    const epoll_event event = batch_[batch_at_++];
    if (event.data.ptr != nullptr)
      static_cast<socket_member*>(event.data.ptr)->on_ready(event.events);
  }
}

}  // namespace flowcast::realtime
