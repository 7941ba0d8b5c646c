#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "bench/contestant.hpp"
#include "bench/load/client_swarm.hpp"
#include "bench/load/event_loop.hpp"
#include "bench/load/publisher.hpp"

namespace flowcast::bench {

// One contestant, started, with its clients and those who publish to it.
class arena {
 public:
  arena(const contestant& who, const places& in, std::size_t publishers, swarm_options with = {});

  server_process& server() { return *server_; }
  client_swarm& clients() { return clients_; }
  // They connect when they are first asked for: a server waits for a first request only so long,
  // and thousands of clients take theirs to come.
  publisher& publishers();
  event_loop& loop() { return loop_; }

  // Publishes to the key of `number`, and returns when that was answered and the clients were sent
  // so many events more. Throws std::runtime_error if they are not.
  void publish_and_wait(std::uint64_t number, std::size_t events);
  // Publishes, as many at a time as there are publishers, for so long; then waits until all clients
  // were sent all of it. How many that were.
  std::uint64_t publish_for(double seconds);

 private:
  std::unique_ptr<server_process> server_;
  event_loop loop_;
  client_swarm clients_;
  std::size_t publisher_count_;
  std::unique_ptr<publisher> publishers_;
  std::uint64_t next_ = 1;
};

}  // namespace flowcast::bench
