#pragma once

#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "stores/event_store.hpp"

namespace flowcast::stores {

// Which events a read wants, for a look at each. Outlived by the filters.
class wanted_events {
 public:
  explicit wanted_events(const std::vector<log_filter>& filters) {
    for (const log_filter& filter : filters) {
      wanted_keys& wanted = services_[filter.service];
      wanted.whole = wanted.whole || filter.whole;
      wanted.keys.insert(filter.keys.begin(), filter.keys.end());
    }
  }

  [[nodiscard]] bool contain(service_index service, std::string_view key) const {
    const auto found = services_.find(service);
    return found != services_.end() && (found->second.whole || found->second.keys.contains(key));
  }

 private:
  struct wanted_keys {
    bool whole = false;
    std::unordered_set<std::string_view> keys;
  };
  std::unordered_map<service_index, wanted_keys> services_;
};

}  // namespace flowcast::stores
