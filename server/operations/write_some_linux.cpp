#include <algorithm>
#include <cerrno>
#include <climits>

#include <poll.h>
#include <unistd.h>

#include "operations/write_some.hpp"

namespace flowcast::operations {

std::optional<std::size_t> write_some(int descriptor, std::string_view text,
                                      std::chrono::milliseconds longest) {
  for (;;) {
    pollfd ready = {descriptor, POLLOUT, 0};
    const int answered = ::poll(&ready, 1, static_cast<int>(longest.count()));
    if (answered == 0) {
      return 0;
    }
    if (answered < 0) {
      continue;
    }
    // No more than a pipe takes without waiting for its reader.
    const ssize_t size =
        ::write(descriptor, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
    if (size > 0) {
      return static_cast<std::size_t>(size);
    }
    if (size == 0 || (errno != EINTR && errno != EAGAIN)) {
      return std::nullopt;
    }
  }
}

}  // namespace flowcast::operations
