#pragma once

#include <string>
#include <vector>

#include "records/record.hpp"
#include "stores/event_store.hpp"

namespace flowcast::services {

// The stored texts, side by side: nothing is parsed again.
void append_array(std::string& out, const std::vector<records::record>& records);

// {"total":…,"limit":…,"skip":…,"data":[…]}
[[nodiscard]] std::string to_json(const stores::page& page);

}  // namespace flowcast::services
