#include <windows.h>
// Which this one needs before it.
#include <psapi.h>

#include "operations/process.hpp"

namespace flowcast::operations {

namespace {

double seconds(const FILETIME& time) {
  const auto ticks = static_cast<std::uint64_t>(time.dwHighDateTime) << 32U | time.dwLowDateTime;
  return static_cast<double>(ticks) / 1e7;
}

}  // namespace

// Windows has no signal for either, and its heap needs no word of ours.
void prepare_process() {}

std::size_t raise_socket_limit() {
  return 0;
}

process_usage usage_now() {
  const HANDLE self = ::GetCurrentProcess();
  process_usage now;
  FILETIME created = {};
  FILETIME ended = {};
  FILETIME kernel = {};
  FILETIME user = {};
  if (::GetProcessTimes(self, &created, &ended, &kernel, &user) != 0) {
    now.cpu_seconds = seconds(kernel) + seconds(user);
  }
  PROCESS_MEMORY_COUNTERS memory = {};
  if (::GetProcessMemoryInfo(self, &memory, sizeof memory) != 0) {
    now.resident = memory.WorkingSetSize;
    now.virtual_size = memory.PagefileUsage;
  }
  DWORD handles = 0;
  if (::GetProcessHandleCount(self, &handles) != 0) {
    now.descriptors = handles;
  }
  now.most_descriptors = std::uint64_t{1} << 24U;  // handles that a process can have
  return now;
}

}  // namespace flowcast::operations
