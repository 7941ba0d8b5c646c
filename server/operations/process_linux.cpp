#include <algorithm>
#include <csignal>
#include <fstream>
#include <memory>
#include <utility>

#include <dirent.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "operations/process.hpp"

namespace flowcast::operations {

namespace {

// One heap for all threads: only that one grows by large steps instead of by a page and a system
// call. Threads meet there seldom, as each keeps what it frees for itself. What a burst freed is
// kept for the next one.
void tune_heap() {
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_TOP_PAD, 1024 * 1024);
  ::mallopt(M_TRIM_THRESHOLD, 16 * 1024 * 1024);
}

void read_memory(process_usage& into) {
  std::ifstream file("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  if (!(file >> total >> resident)) {
    return;
  }
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  into.resident = resident * page;
  into.virtual_size = total * page;
}

// Linux 6.2 and later say it as the size of the folder; before that one has to count.
std::uint64_t open_descriptors() {
  struct stat folder = {};
  if (::stat("/proc/self/fd", &folder) == 0 && folder.st_size > 0) {
    return static_cast<std::uint64_t>(folder.st_size);
  }
  const std::unique_ptr<DIR, int (*)(DIR*)> all(::opendir("/proc/self/fd"), ::closedir);
  if (!all) {
    return 0;
  }
  std::uint64_t count = 0;
  while (::readdir(all.get()) != nullptr)  // NOLINT(concurrency-mt-unsafe): a stream of our own
    ++count;
  return count < 3 ? 0 : count - 3;  // ".", ".." and the one that reads
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

void prepare_process() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  tune_heap();
}

std::size_t raise_socket_limit() {
  constexpr rlim_t kept = 64;
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return 0;
  }
  if (limit.rlim_cur < limit.rlim_max) {
    const rlim_t before = std::exchange(limit.rlim_cur, limit.rlim_max);
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
      limit.rlim_cur = before;
    }
  }
  return limit.rlim_cur == RLIM_INFINITY ? 0 : limit.rlim_cur - std::min(kept, limit.rlim_cur / 2);
}

process_usage usage_now() {
  process_usage now;
  rusage used = {};
  ::getrusage(RUSAGE_SELF, &used);
  now.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
  read_memory(now);
  now.descriptors = open_descriptors();
  rlimit limit = {};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  now.most_descriptors = limit.rlim_cur;
  return now;
}

}  // namespace flowcast::operations
