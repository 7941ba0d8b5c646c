#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace flowcast::settings {

// A value that somebody gave, and where, for messages: "--listen", "FLOWCAST_LISTEN",
// "flowcast.toml line 3".
struct assignment {
  std::string name;  // the option's
  std::string value;
  std::string where;
};

using assignments = std::vector<assignment>;

}  // namespace flowcast::settings
