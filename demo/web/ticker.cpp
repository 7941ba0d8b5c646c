#include "web/ticker.hpp"

#include <chrono>
#include <utility>

namespace flowcast::demo {
namespace {

constexpr std::chrono::milliseconds between{50};

}  // namespace

ticker::ticker(boost::asio::io_context& context, std::function<void()> what)
    : timer_(context), what_(std::move(what)) {
  wait();
}

void ticker::wait() {
  timer_.expires_after(between);
  timer_.async_wait([this](boost::system::error_code cancelled) {
    if (cancelled) {
      return;
    }
    what_();
    wait();
  });
}

}  // namespace flowcast::demo
