#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "stores/event_store.hpp"
#include "stores/store_options.hpp"

namespace flowcast::stores {

// One way to have a store, for the suite that all of them pass.
struct store_kind {
  std::string name;
  bool durable = false;        // what was acked survives the process
  bool numbers_by_one = true;  // ids are counted up for each service; else they only grow
  bool trims_at_once = true;   // with the write that is too much; else a moment later
  // Opens the store of a test: at each call with the same directory the same one.
  std::function<std::unique_ptr<event_store>(const std::filesystem::path& directory, store_options)>
      open;
};

inline std::ostream& operator<<(std::ostream& out, const store_kind& kind) {
  return out << kind.name;
}

// Every store that this build has.
std::vector<store_kind> store_kinds();
std::vector<store_kind> durable_store_kinds();

}  // namespace flowcast::stores
