#pragma once

#include <string>
#include <variant>
#include <vector>

#include "settings/assignment.hpp"
#include "settings/load.hpp"

namespace flowcast::settings {

struct command_line {
  assignments values;
  std::string config;  // the path given with --config; empty: none
};

[[nodiscard]] std::variant<command_line, early_exit> parse_command_line(
    std::vector<std::string> arguments);

}  // namespace flowcast::settings
