#pragma once

#include <filesystem>

namespace flowcast::stores {

// Keeps other processes from a store's file for as long as it lives: two servers on one file would
// each believe that they alone count its positions. The lock is the operating system's and ends
// with the process, however that ends.
class file_lock {
 public:
  // Throws std::runtime_error, naming the holder where it is known, if another process has it.
  explicit file_lock(std::filesystem::path path);
  file_lock(const file_lock&) = delete;
  file_lock& operator=(const file_lock&) = delete;
  ~file_lock();

 private:
  int descriptor_ = -1;
};

}  // namespace flowcast::stores
