#pragma once

#include <string>

#include "services/service.hpp"

namespace flowcast::services {

// Who tells clients of what no log keeps.
class announcer {
 public:
  announcer() = default;
  announcer(const announcer&) = delete;
  announcer& operator=(const announcer&) = delete;
  virtual ~announcer() = default;

  // `json` is what the key is at, for whoever subscribes to it: a `patched` event without an
  // offset. From any thread.
  virtual void announce(service_index service, const std::string& key, std::string json) = 0;
};

}  // namespace flowcast::services
