#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "records/error.hpp"

namespace flowcast::services {

// How many publishes a second one address may make: a bucket of tokens for each that publishes,
// which holds a second's worth. Shared by all doors, REST and sockets; thread-safe.
class publish_rate {
 public:
  using clock = std::chrono::steady_clock;

  // 0: as many as it likes.
  explicit publish_rate(double a_second);

  [[nodiscard]] bool limits() const { return a_second_ > 0; }
  // too_many_requests, with the time after which to come back; or nothing: go on.
  [[nodiscard]] std::optional<records::error> refuse(const std::string& address);
  // Zero: go on. Else the time after which to come back.
  [[nodiscard]] std::chrono::seconds take(const std::string& address, clock::time_point now);

 private:
  struct bucket {
    double tokens = 0;
    clock::time_point at;
  };

  void forget_full(clock::time_point now);

  const double a_second_;
  const double most_;
  std::mutex mutex_;
  std::unordered_map<std::string, bucket> buckets_;
  std::size_t forget_at_ = 1024;  // as many buckets
};

}  // namespace flowcast::services
