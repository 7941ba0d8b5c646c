#pragma once

#include <cstdint>

namespace flowcast::realtime {

// What the operating system calls a socket.
#ifdef _WIN32
using socket_handle = std::uintptr_t;  // SOCKET, whose header is none for all to include
inline constexpr socket_handle no_socket = UINTPTR_MAX;
#else
using socket_handle = int;
inline constexpr socket_handle no_socket = -1;
#endif

}  // namespace flowcast::realtime
