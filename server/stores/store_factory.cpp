#include "stores/store_factory.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "stores/memory_store.hpp"
#include "stores/without_passwords.hpp"

namespace flowcast::stores {

std::unique_ptr<event_store> open_store(std::string_view spec, store_options options) {
  if (spec == "memory") {
    return std::make_unique<memory_store>(std::move(options));
  }
  constexpr std::string_view sqlite = "sqlite:";
  if (spec.starts_with(sqlite) && spec.size() > sqlite.size()) {
    return open_sqlite_store(spec.substr(sqlite.size()), std::move(options));
  }
  constexpr std::string_view nats = "nats:";
  if (spec.starts_with(nats)) {
    return open_nats_store(spec.substr(nats.size()), std::move(options));
  }
  throw std::runtime_error("There is no store '" + without_passwords(spec) +
                           "': it must be memory, sqlite:PATH or nats:URL");
}

}  // namespace flowcast::stores
