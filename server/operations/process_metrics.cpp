#include "operations/process_metrics.hpp"

#include <chrono>
#include <cstdint>
#include <fstream>
#include <memory>
#include <utility>

#include <dirent.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace flowcast::operations {

namespace {

struct memory {
  std::uint64_t resident = 0;
  std::uint64_t virtual_size = 0;
};

memory memory_now() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  if (!(file >> total >> resident)) {
    return {};
  }
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return {resident * page, total * page};
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

process_metrics::process_metrics(std::string version, const log& lines)
    : version_(std::move(version)),
      log_(&lines),
      started_(std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
                   .count()) {}

void process_metrics::write_metrics(metric_text& to) const {
  to.family("flowcast_build_info", metric_kind::gauge, "What this server was built as; always 1.");
  to.sample({{"version", version_}}, std::uint64_t{1});

  rusage used = {};
  ::getrusage(RUSAGE_SELF, &used);
  to.family("flowcast_process_cpu_seconds_total", metric_kind::counter,
            "Processor time used, by the server and by the system for it.");
  to.sample({}, seconds(used.ru_utime) + seconds(used.ru_stime));
  const memory held = memory_now();
  to.gauge("flowcast_process_resident_memory_bytes", "Memory that is in RAM.", held.resident);
  to.gauge("flowcast_process_virtual_memory_bytes", "Memory that is mapped.", held.virtual_size);
  to.gauge("flowcast_process_open_fds", "File descriptors that are open.", open_descriptors());
  rlimit limit = {};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  to.gauge("flowcast_process_max_fds", "File descriptors that may be open.", limit.rlim_cur);
  to.family("flowcast_process_start_time_seconds", metric_kind::gauge,
            "When the server started, in seconds since 1970.");
  to.sample({}, started_);

  to.counter("flowcast_log_lines_dropped_total",
             "Lines of the log that were lost because they were not read fast enough.",
             log_->dropped());
}

}  // namespace flowcast::operations
