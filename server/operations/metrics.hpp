#pragma once

#include <string>
#include <vector>

#include "operations/metric_text.hpp"

namespace flowcast::operations {

// A part of the server that counts. Read from any thread, at any time.
class metric_source {
 public:
  metric_source() = default;
  metric_source(const metric_source&) = delete;
  metric_source& operator=(const metric_source&) = delete;
  virtual ~metric_source() = default;

  // Appends families that no other source has.
  virtual void write_metrics(metric_text& to) const = 0;
};

// What `/metrics` answers: all sources, one after the other. Sources are added before anybody asks,
// and outlive it.
class metrics {
 public:
  void add(const metric_source& one) { sources_.push_back(&one); }
  [[nodiscard]] std::string text() const {
    metric_text made;
    for (const metric_source* one : sources_)
      one->write_metrics(made);
    return made.take();
  }

 private:
  std::vector<const metric_source*> sources_;
};

}  // namespace flowcast::operations
