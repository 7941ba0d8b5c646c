#include <algorithm>
#include <cstddef>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/asio/windows/object_handle.hpp>
#include <winsock2.h>

#include "realtime/socket_set.hpp"

// One event object for all sockets is one handle of the io_context. It says that some socket has
// something to tell, and each is asked what: that takes the longer the more there are, which for a
// developer's few browsers is nothing. Winsock tells anew after the call that would have blocked
// (send), or that left something behind (recv), so a change is told once, as socket_member wants.
namespace flowcast::realtime {

namespace {

HANDLE make_event() {
  const HANDLE made = ::CreateEventW(nullptr, /*bManualReset=*/FALSE, FALSE, nullptr);
  if (made == nullptr)
    throw std::system_error(static_cast<int>(::GetLastError()), std::system_category(),
                            "CreateEvent");
  return made;
}

}  // namespace

struct socket_set::system {
  system(boost::asio::io_context& context, socket_set& of)
      : changed(context, make_event()), owner(of) {}

  void wait() {
    changed.async_wait([this](const boost::system::error_code& error) {
      if (error)
        return;  // only at the end of the shard
      serve();
      owner.end_turn();
      wait();
    });
  }

  void serve() {
    serving = true;
    // By place: who is called may remove others, and add some, whose turn is the next: they are
    // told of what they have already.
    const std::size_t present = all.size();
    for (std::size_t i = 0; i < present; ++i) {
      WSANETWORKEVENTS events = {};
      if (all[i].member == nullptr ||
          ::WSAEnumNetworkEvents(all[i].socket, nullptr, &events) != 0 ||
          events.lNetworkEvents == 0)
        continue;
      all[i].member->on_ready({.readable = (events.lNetworkEvents & FD_READ) != 0,
                               .writable = (events.lNetworkEvents & FD_WRITE) != 0,
                               .hung_up = (events.lNetworkEvents & FD_CLOSE) != 0});
    }
    serving = false;
    drop_removed();
  }

  void drop_removed() {
    std::erase_if(all, [](const entry& each) { return each.member == nullptr; });
  }

  struct entry {
    socket_handle socket;
    socket_member* member;  // null once it is removed
  };

  boost::asio::windows::object_handle changed;
  socket_set& owner;
  std::vector<entry> all;
  bool serving = false;
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
  constexpr long wanted = FD_READ | FD_WRITE | FD_CLOSE;
  if (::WSAEventSelect(socket, system_->changed.native_handle(), wanted) != 0)
    return false;
  system_->all.push_back({socket, &member});
  return true;
}

void socket_set::remove(socket_handle socket, socket_member& member) {
  for (system::entry& each : system_->all) {
    if (each.member == &member) {
      ::WSAEventSelect(socket, nullptr, 0);  // fails only for a socket that is broken
      each.member = nullptr;
    }
  }
  if (!system_->serving)
    system_->drop_removed();
  forget_turns(member);
}

}  // namespace flowcast::realtime
