#pragma once

#include <string>
#include <utility>
#include <vector>

#include "settings/assignment.hpp"

namespace flowcast::settings {

// What a TOML file says: not yet checked, but that it is TOML.
struct settings_file {
  assignments values;
  // [service.NAME] sections, in the order of the file.
  std::vector<std::pair<std::string, assignments>> services;
  std::vector<std::string> faults;  // for people
};

[[nodiscard]] settings_file read_settings_file(const std::string& path);

}  // namespace flowcast::settings
