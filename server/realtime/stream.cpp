#include "realtime/stream.hpp"

#include <utility>

namespace flowcast::realtime {

stream::stream(socket_handle descriptor, std::unique_ptr<secure_channel> channel,
               std::unique_ptr<realtime::lease> lease)
    : descriptor_(descriptor), channel_(std::move(channel)), lease_(std::move(lease)) {}

stream::stream(stream&& from) noexcept
    : descriptor_(std::exchange(from.descriptor_, no_socket)),
      channel_(std::move(from.channel_)),
      lease_(std::move(from.lease_)) {}

}  // namespace flowcast::realtime
