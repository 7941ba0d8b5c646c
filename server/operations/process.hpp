#pragma once

#include <cstddef>
#include <cstdint>

// The process as its operating system has it.
namespace flowcast::operations {

// Once, before there are threads: sets up the heap, and that a peer or file which takes no more is
// an error code instead of the end.
void prepare_process();

// As many sockets as the system lets us have: how many connections that are, some kept for files
// and for turning away those that are one too many; 0 where it sets no bound.
[[nodiscard]] std::size_t raise_socket_limit();

struct process_usage {
  double cpu_seconds = 0;
  std::uint64_t resident = 0;  // bytes in RAM
  std::uint64_t virtual_size = 0;
  std::uint64_t descriptors = 0;  // open ones; on Windows, handles
  std::uint64_t most_descriptors = 0;
};

[[nodiscard]] process_usage usage_now();

}  // namespace flowcast::operations
