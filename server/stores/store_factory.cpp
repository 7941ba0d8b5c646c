#include "stores/store_factory.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "stores/memory_store.hpp"

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

std::string without_passwords(std::string_view spec) {
  constexpr std::string_view before = "://";
  std::string shown;
  for (;;) {
    const std::size_t host = spec.find(before);
    if (host == std::string_view::npos) {
      shown.append(spec);
      return shown;
    }
    shown.append(spec.substr(0, host + before.size()));
    spec.remove_prefix(host + before.size());
    const std::string_view authority = spec.substr(0, spec.find_first_of(",/?"));
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
      spec.remove_prefix(at + 1);
    }
  }
}

}  // namespace flowcast::stores
