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
  kinds.push_back({"memory", false, true,
                   [](const std::filesystem::path& /*directory*/, store_options options) {
                     return open_store("memory", std::move(options));
                   }});
  kinds.push_back(
      {"sqlite", true, true, [](const std::filesystem::path& directory, store_options options) {
         return open_store("sqlite:" + (directory / "flowcast.db").string(), std::move(options));
       }});
  store_kind from_file = kinds.back();
  from_file.name = "sqlite_without_recent_log";
  from_file.open = [open = from_file.open](const std::filesystem::path& directory,
                                           store_options options) {
    options.recent_log_bytes = 0;
    return open(directory, std::move(options));
  };
  kinds.push_back(std::move(from_file));
  return kinds;
}

}  // namespace flowcast::stores
