#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "settings/settings.hpp"

namespace flowcast::settings {

// What all services start from; a service's own section in the file changes it for that one.
struct draft {
  settings made;
  services::service_options every_service;
};

// What is wrong with a value, as the end of a sentence that began with the setting's name and
// value: "must be a whole number from 1 to 65535". Without a value: nothing.
using complaint = std::optional<std::string>;

// One setting: the flag --NAME, the variable FLOWCAST_NAME and the file's key NAME.
struct option {
  std::string_view name;
  std::string_view value;  // what the help calls its value; empty: a switch
  std::string_view group;  // the heading in the help
  std::string_view help;
  bool repeatable;  // apply is called for each value; otherwise the last one counts
  complaint (*apply)(draft& to, std::string_view text);
  bool secret = false;  // what is given in place of a value that is right may be a key
};

[[nodiscard]] std::span<const option> options();

// A setting of one service: the file's key NAME in [service.…].
struct service_option {
  std::string_view name;
  complaint (*apply)(services::service_options& to, std::string_view text);
};

[[nodiscard]] std::span<const service_option> service_options();

}  // namespace flowcast::settings
