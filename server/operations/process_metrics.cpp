#include "operations/process_metrics.hpp"

#include <chrono>
#include <cstdint>
#include <utility>

#include "operations/process.hpp"

namespace flowcast::operations {

process_metrics::process_metrics(std::string version, const log& lines)
    : version_(std::move(version)),
      log_(&lines),
      started_(std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
                   .count()) {}

void process_metrics::write_metrics(metric_text& to) const {
  to.family("flowcast_build_info", metric_kind::gauge, "What this server was built as; always 1.");
  to.sample({{"version", version_}}, std::uint64_t{1});

  const process_usage used = usage_now();
  to.family("flowcast_process_cpu_seconds_total", metric_kind::counter,
            "Processor time used, by the server and by the system for it.");
  to.sample({}, used.cpu_seconds);
  to.gauge("flowcast_process_resident_memory_bytes", "Memory that is in RAM.", used.resident);
  to.gauge("flowcast_process_virtual_memory_bytes", "Memory that is mapped.", used.virtual_size);
  to.gauge("flowcast_process_open_fds", "File descriptors that are open.", used.descriptors);
  to.gauge("flowcast_process_max_fds", "File descriptors that may be open.", used.most_descriptors);
  to.family("flowcast_process_start_time_seconds", metric_kind::gauge,
            "When the server started, in seconds since 1970.");
  to.sample({}, started_);

  to.counter("flowcast_log_lines_dropped_total",
             "Lines of the log that were lost because they were not read fast enough.",
             log_->dropped());
}

}  // namespace flowcast::operations
