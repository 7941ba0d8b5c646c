#include "realtime/stream.hpp"

#include <utility>

namespace flowcast::realtime {

namespace {

class both final : public lease {
 public:
  both(std::unique_ptr<lease> first, std::unique_ptr<lease> second)
      : first_(std::move(first)), second_(std::move(second)) {}

 private:
  std::unique_ptr<lease> first_;
  std::unique_ptr<lease> second_;
};

}  // namespace

stream::stream(socket_handle descriptor, std::unique_ptr<secure_channel> channel,
               std::unique_ptr<realtime::lease> lease)
    : channel_(std::move(channel)), lease_(std::move(lease)), descriptor_(descriptor) {}

stream::stream(stream&& from) noexcept
    : channel_(std::move(from.channel_)),
      lease_(std::move(from.lease_)),
      descriptor_(std::exchange(from.descriptor_, no_socket)) {}

void stream::hold(std::unique_ptr<realtime::lease> more) {
  lease_ = std::make_unique<both>(std::move(lease_), std::move(more));
}

}  // namespace flowcast::realtime
