#include <stdexcept>

#include "stores/store_factory.hpp"

// What a build without NATS has in its place.
namespace flowcast::stores {

std::unique_ptr<event_store> open_nats_store(std::string_view /*url*/, store_options /*options*/) {
  throw std::runtime_error(
      "this build does not know NATS: give another --store, run the server on Linux (WSL, a "
      "container), or build with FLOWCAST_WITH_NATS=ON");
}

}  // namespace flowcast::stores
