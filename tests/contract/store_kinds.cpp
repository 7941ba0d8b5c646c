#include "contract/store_kind.hpp"
#include "stores/store_factory.hpp"

namespace flowcast::stores {

std::vector<store_kind> store_kinds() {
  std::vector<store_kind> kinds;
  kinds.push_back({"memory", false, true,
                   [](const std::filesystem::path& /*directory*/, store_options options) {
                     return open_store("memory", std::move(options));
                   }});
  return kinds;
}

}  // namespace flowcast::stores
