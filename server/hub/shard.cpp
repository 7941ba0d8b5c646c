#include "hub/shard.hpp"

namespace flowcast::hub {

void shard::start() {
  thread_ = std::thread([this] { context_.run(); });
}

void shard::stop() {
  work_.reset();
  context_.stop();
  if (thread_.joinable())
    thread_.join();
}

}  // namespace flowcast::hub
