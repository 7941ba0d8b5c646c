#pragma once

#include <memory>
#include <vector>

#include "http/door.hpp"
#include "operations/metrics.hpp"
#include "realtime/realtime.hpp"

namespace flowcast::http {

// What the doors count. They outlive it.
class door_metrics final : public operations::metric_source {
 public:
  door_metrics(const std::vector<std::unique_ptr<door>>& doors, const realtime::realtime& sessions)
      : doors_(&doors), sessions_(&sessions) {}
  void write_metrics(operations::metric_text& to) const override;

 private:
  const std::vector<std::unique_ptr<door>>* doors_;
  const realtime::realtime* sessions_;
};

}  // namespace flowcast::http
