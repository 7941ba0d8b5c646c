#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hub/frame_log.hpp"
#include "hub/listener.hpp"
#include "operations/histogram.hpp"
#include "records/event.hpp"

namespace flowcast::hub {

// Is told how a shard's events fare, while somebody wants to know. On the shard's thread.
class delivery_watch {
 public:
  delivery_watch() = default;
  delivery_watch(const delivery_watch&) = delete;
  delivery_watch& operator=(const delivery_watch&) = delete;
  virtual ~delivery_watch() = default;

  // How many listeners here an event goes out to, perhaps none.
  virtual void on_event(const records::event& event, std::size_t listeners) = 0;
  // The last of them has been offered it, so long after the publisher asked.
  virtual void on_delivered(const records::offset& offset, std::chrono::nanoseconds took) = 0;
};

// How long events take, from the publisher's request until the last listener of the shard has been
// offered them. Counted by the event, not by the delivery. On the shard's thread, but for taken().
class delivery_times {
 public:
  using clock = std::chrono::steady_clock;

  // How far the listeners have been served: for each ring up to where in its log, for the others
  // how many places of their queue.
  struct progress {
    std::array<frame_log::position, framings> rings = {};
    std::uint64_t places = 0;
  };

  // The event has been delivered when all is served up to `end`.
  void begin(const records::event& event, const progress& end);
  [[nodiscard]] bool waits() const { return first_ < waiting_.size(); }
  void served(const progress& to, delivery_watch* watch);

  // From any thread.
  [[nodiscard]] const operations::latency_histogram& taken() const { return taken_; }

 private:
  struct delivery {
    records::offset offset;
    clock::time_point received;
    progress end;
  };

  static bool is_done(const delivery& one, const progress& to);

  std::vector<delivery> waiting_;  // in the order of their ends
  std::size_t first_ = 0;          // those before it are done
  operations::latency_histogram taken_;
};

}  // namespace flowcast::hub
