#include "bench/arena.hpp"

#include <stdexcept>
#include <utility>

namespace flowcast::bench {

namespace {

constexpr double patience_s = 120;

swarm_options clients_of(const contestant& who, const server_process& server, swarm_options with) {
  with.port = server.port();
  with.engine = who.engine;
  return with;
}

}  // namespace

arena::arena(const contestant& who, const places& in, std::size_t publishers, swarm_options with)
    : server_(start(who, in)),
      clients_(loop_, clients_of(who, *server_, std::move(with))),
      publisher_count_(publishers) {}

publisher& arena::publishers() {
  if (!publishers_)
    publishers_ = std::make_unique<publisher>(loop_, server_->port(), publisher_count_);
  return *publishers_;
}

void arena::publish_and_wait(std::uint64_t number, std::size_t events) {
  const std::uint64_t wanted = clients_.events() + events;
  publishers().post(body_of(number));
  const bool done = loop_.until(
      [&] { return clients_.events() >= wanted && publishers().in_flight() == 0; }, patience_s);
  if (!done || publishers().failed() > 0 || clients_.lost() > 0 || clients_.events() != wanted) {
    throw std::runtime_error(
        "a publish reached " + std::to_string(clients_.events() + events - wanted) + " of " +
        std::to_string(events) + " clients, " + std::to_string(publishers().failed()) +
        " failed, " + std::to_string(clients_.lost()) + " clients were lost");
  }
}

std::uint64_t arena::publish_for(double seconds) {
  const std::uint64_t before = publishers().answered();
  const std::uint64_t events = clients_.events();
  const std::int64_t end = now_ns() + static_cast<std::int64_t>(seconds * 1e9);
  while (now_ns() < end) {
    while (publishers().idle())
      publishers().post(body_of(next_++));
    loop_.turn(20);
  }
  const bool answered = loop_.until([&] { return publishers().in_flight() == 0; }, patience_s);
  const std::uint64_t published = publishers().answered() - before;
  const std::uint64_t wanted = events + published * clients_.live();
  const bool delivered = loop_.until([&] { return clients_.events() >= wanted; }, patience_s);
  if (!answered || !delivered || publishers().failed() > 0 || clients_.lost() > 0) {
    throw std::runtime_error("of " + std::to_string(wanted - events) + " deliveries " +
                             std::to_string(clients_.events() - events) + " came, " +
                             std::to_string(clients_.lost()) + " clients were lost, " +
                             std::to_string(publishers().failed()) + " publishes failed");
  }
  return published;
}

}  // namespace flowcast::bench
