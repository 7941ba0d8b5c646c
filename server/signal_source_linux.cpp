#include <csignal>
#include <utility>

#include <boost/asio/signal_set.hpp>

#include "signal_source.hpp"

namespace flowcast {

struct signal_source::system {
  system(boost::asio::io_context& context, heard by)
      : set(context, SIGINT, SIGTERM, SIGHUP), told(std::move(by)) {
    wait();
  }

  void wait() {
    set.async_wait([this](const boost::system::error_code& failed, int number) {
      if (failed) {
        return;
      }
      told(number == SIGHUP ? signal::reload : signal::stop);
      wait();
    });
  }

  boost::asio::signal_set set;
  heard told;
};

signal_source::signal_source(boost::asio::io_context& context, heard told)
    : system_(std::make_unique<system>(context, std::move(told))) {}

signal_source::~signal_source() = default;

}  // namespace flowcast
