#include "support/free_port.hpp"

#include <mutex>
#include <random>
#include <set>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace flowcast {

namespace {

constexpr std::uint16_t first = 10'000;
constexpr std::uint16_t last = 32'767;

bool is_free(std::uint16_t port) {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  // Ports of connections that have just ended may be listened on.
  const int again = 1;
  setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &again, sizeof again);
  // The C interface of sockets. NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  const auto* const where = reinterpret_cast<const sockaddr*>(&address);
  const bool free = bind(probe, where, sizeof address) == 0 && listen(probe, 1) == 0;
  close(probe);
  return free;
}

}  // namespace

std::uint16_t free_port() {
  static std::mutex one_at_a_time;
  static std::set<std::uint16_t> given;
  static std::mt19937 random(std::random_device{}());
  std::uniform_int_distribution<std::uint16_t> any(first, last);
  const std::lock_guard lock(one_at_a_time);
  for (;;) {
    const std::uint16_t port = any(random);
    if (is_free(port) && given.insert(port).second)
      return port;
  }
}

}  // namespace flowcast
