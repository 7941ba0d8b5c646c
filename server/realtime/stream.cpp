#include "realtime/stream.hpp"

#include <utility>

namespace flowcast::realtime {

stream::stream(socket_handle descriptor, std::unique_ptr<secure_channel> channel,
               std::unique_ptr<realtime::lease> lease)
    : channel_(std::move(channel)), lease_(std::move(lease)), descriptor_(descriptor) {}

stream::stream(stream&& from) noexcept
    : channel_(std::move(from.channel_)),
      lease_(std::move(from.lease_)),
      descriptor_(std::exchange(from.descriptor_, no_socket)) {}

}  // namespace flowcast::realtime
