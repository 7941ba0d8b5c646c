#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "settings/settings.hpp"

namespace flowcast::settings {

// The process is to end now, with this said: --help and --version (code 0, for standard output), or
// what is wrong with the settings and what to do about it, all of it at once (code 2).
struct early_exit {
  int code = 0;
  std::string text;
};

// The value of an environment variable.
using environment = std::function<std::optional<std::string>(const std::string& name)>;

// Settings from, in this order: flags, FLOWCAST_… variables, the file of --config, defaults.
// `arguments` without the program's name. Reads the file, touches nothing else.
[[nodiscard]] std::variant<settings, early_exit> load(std::vector<std::string> arguments,
                                                      const environment& variables);

}  // namespace flowcast::settings
