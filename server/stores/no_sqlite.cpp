#include <stdexcept>

#include "stores/store_factory.hpp"

// What a build without SQLite has in its place.
namespace flowcast::stores {

std::string_view default_store() {
  return "memory";
}

std::unique_ptr<event_store> open_sqlite_store(std::string_view /*path*/,
                                               store_options /*options*/) {
  throw std::runtime_error(
      "this build keeps records in memory alone: give --store memory. What survives a restart "
      "needs "
      "the server on Linux (WSL, a container), or a build with FLOWCAST_WITH_SQLITE=ON");
}

}  // namespace flowcast::stores
