#include "services/service_registry.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "services/record_service.hpp"

namespace flowcast::services {

service_registry::service_registry(std::vector<service_options> services,
                                   stores::event_store& store,
                                   std::vector<std::unique_ptr<service>> others) {
  services_.reserve(services.size() + others.size());
  for (service_options& options : services) {
    services_.push_back(std::make_unique<record_service>(
        static_cast<service_index>(services_.size()), std::move(options), store));
  }
  for (std::unique_ptr<service>& each : others) {
    assert(each->index() == services_.size());
    services_.push_back(std::move(each));
  }
}

service* service_registry::find(std::string_view name) const {
  // A handful of services: comparing names is quicker than hashing one.
  const auto found = std::find_if(services_.begin(), services_.end(),
                                  [&](const auto& one) { return one->name() == name; });
  return found == services_.end() ? nullptr : found->get();
}

std::vector<stores::service_definition> definitions(const std::vector<service_options>& services) {
  std::vector<stores::service_definition> all;
  all.reserve(services.size());
  for (const service_options& options : services)
    all.push_back(options.definition);
  return all;
}

}  // namespace flowcast::services
