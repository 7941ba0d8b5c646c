#pragma once

#include <string>

#include "operations/log.hpp"
#include "operations/metrics.hpp"

namespace flowcast::operations {

// What the system says of this process, and what it was built as.
class process_metrics final : public metric_source {
 public:
  // `lines` outlives it.
  process_metrics(std::string version, const log& lines);
  void write_metrics(metric_text& to) const override;

 private:
  std::string version_;
  const log* log_;
  double started_;  // in seconds since 1970
};

}  // namespace flowcast::operations
