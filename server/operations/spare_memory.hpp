#pragma once

#include <cstddef>

namespace flowcast::operations {

// Gives back to the system what the heap keeps free, once that is much and lies idle: after
// thousands of sessions have left. One thread calls it, now and then; it takes each heap's lock for
// a moment.
class spare_memory {
 public:
  // What the heap holds, in bytes.
  struct heap {
    std::size_t used = 0;
    std::size_t free = 0;
  };

  // Whether to give back now, if this is what the heap holds: it is free since the last look, more
  // than a quarter of what is used, and has not been given back already.
  [[nodiscard]] bool is_due(const heap& now);

  // Looks, and gives back if it is due. Nothing where the heap does so by itself (Windows).
  void look();

 private:
  heap before_;
  heap given_back_;
};

}  // namespace flowcast::operations
