#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "stores/event_store.hpp"

namespace flowcast::stores {

// Reads of the log from an offset that another node gave and this one's view has not reached yet:
// they wait for it. Bounded in number and time; an offset that the stream does not have either is
// not waited for. Thread-safe.
class early_reads {
 public:
  using read_now = std::function<void(log_read, const completion<log_page>&)>;

  early_reads(std::size_t most, read_now read) : most_(most), read_(std::move(read)) {}

  // False: too many wait already; `request` and `done` are untouched.
  [[nodiscard]] bool add(log_read& request, completion<log_page>& done);

  // Whether any waits of which it is not known yet that the stream has its offset.
  [[nodiscard]] bool any_unknown();
  // `head`: of the view. `stream_has`: up to where the stream goes, or 0 where that is not known.
  // `stopping`: no more waiting.
  void answer(std::uint64_t head, std::uint64_t stream_has, bool stopping);

 private:
  struct early_read {
    log_read request;
    completion<log_page> done;
    std::chrono::steady_clock::time_point give_up;
    bool known = false;  // the stream does have it
  };

  std::size_t most_;
  read_now read_;
  std::mutex mutex_;
  std::vector<early_read> waiting_;
};

}  // namespace flowcast::stores
