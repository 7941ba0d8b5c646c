#include <cstdlib>

#include "contract/nats_server.hpp"
#include "contract/store_kind.hpp"
#include "stores/store_factory.hpp"

namespace flowcast::stores {

std::vector<store_kind> durable_store_kinds() {
  std::vector<store_kind> kinds = store_kinds();
  std::erase_if(kinds, [](const store_kind& kind) { return !kind.durable; });
  return kinds;
}

std::vector<store_kind> store_kinds() {
  std::vector<store_kind> kinds;
  kinds.push_back({"memory", false, true, true,
                   [](const std::filesystem::path& /*directory*/, store_options options) {
                     return open_store("memory", std::move(options));
                   }});
  kinds.push_back({"sqlite", true, true, true,
                   [](const std::filesystem::path& directory, store_options options) {
                     return open_store("sqlite:" + (directory / "flowcast.db").string(),
                                       std::move(options));
                   }});
  store_kind from_file = kinds.back();
  from_file.name = "sqlite_without_recent_log";
  from_file.open = [open = from_file.open](const std::filesystem::path& directory,
                                           store_options options) {
    options.recent_log_bytes = 0;
    return open(directory, std::move(options));
  };
  kinds.push_back(std::move(from_file));
#ifdef FLOWCAST_WITH_NATS
  kinds.push_back({"nats", true, false, false,
                   [](const std::filesystem::path& directory, store_options options) {
                     // The server of the process that made the directory, where this is a child of
                     // it.
                     const char* const given = std::getenv("FLOWCAST_TEST_NATS");
                     const std::string url = given == nullptr ? nats_server::shared().url() : given;
                     setenv("FLOWCAST_TEST_NATS", url.c_str(), 1);
                     return open_store("nats:" + url + "?stream=" + directory.filename().string() +
                                           "&view=" + (directory / "view.db").string(),
                                       std::move(options));
                   }});
#endif
  return kinds;
}

}  // namespace flowcast::stores
