#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "stores/event_store.hpp"

namespace flowcast::stores {

// The answers to recent writes by their idempotency keys, in memory. Forgets the oldest when they
// are too old or too many. Not safe from several threads at once.
class idempotency_window {
 public:
  struct answer {
    std::uint64_t body_digest = 0;
    written result;
  };

  idempotency_window(std::chrono::seconds window, std::uint64_t most)
      : window_(window), most_(most) {}

  // nullptr if the key is not remembered.
  [[nodiscard]] const answer* find(service_index service, const std::string& key,
                                   std::chrono::system_clock::time_point now);
  void remember(service_index service, const std::string& key, answer given,
                std::chrono::system_clock::time_point now);

 private:
  struct dated_key {
    std::chrono::system_clock::time_point at;
    std::string key;
  };

  void forget_old(std::chrono::system_clock::time_point now);

  std::chrono::seconds window_;
  std::uint64_t most_;
  std::unordered_map<std::string, answer> answers_;
  std::deque<dated_key> order_;
};

// What a write completes with that repeats an earlier one.
[[nodiscard]] result<written> replay(std::uint64_t body_digest, const idempotency& asked,
                                     written first);

}  // namespace flowcast::stores
