#pragma once

#include <atomic>
#include <cstdint>

namespace flowcast::operations {

// A number with one writer, such as its shard's thread, and readers on any: to count costs what it
// costs in a plain integer, and no cache line changes hands until somebody reads.
class tally {
 public:
  tally() = default;
  tally(const tally&) = delete;
  tally& operator=(const tally&) = delete;
  ~tally() = default;

  // The writer's.
  void add(std::uint64_t more = 1) { set(value() + more); }
  void take(std::uint64_t less = 1) { set(value() - less); }
  void set(std::uint64_t now) { value_.store(now, std::memory_order_relaxed); }

  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

// The same for many writers that seldom meet.
class shared_tally {
 public:
  shared_tally() = default;
  shared_tally(const shared_tally&) = delete;
  shared_tally& operator=(const shared_tally&) = delete;
  ~shared_tally() = default;

  void add(std::uint64_t more = 1) { value_.fetch_add(more, std::memory_order_relaxed); }

  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

}  // namespace flowcast::operations
