#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "services/service.hpp"

namespace flowcast::services {

// All services of this server, in the order of their index. Immutable once made, so that every
// thread may read it.
class service_registry {
 public:
  // Services of records, and behind them `others`, whose indices say so.
  service_registry(std::vector<service_options> services, stores::event_store& store,
                   std::vector<std::unique_ptr<service>> others = {});

  // The service of this exact name, or nullptr.
  [[nodiscard]] service* find(std::string_view name) const;

  [[nodiscard]] service& at(service_index index) const { return *services_.at(index); }
  [[nodiscard]] const std::vector<std::unique_ptr<service>>& all() const { return services_; }

 private:
  std::vector<std::unique_ptr<service>> services_;
};

// What to open a store with, in the order of the registry.
[[nodiscard]] std::vector<stores::service_definition> definitions(
    const std::vector<service_options>& services);

}  // namespace flowcast::services
