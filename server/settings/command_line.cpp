#include "settings/command_line.hpp"

#include <algorithm>
#include <map>
#include <sstream>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>

#include "settings/option.hpp"

namespace flowcast::settings {

namespace {

constexpr auto footer =
    "Each flag is also a variable (--ping-interval: FLOWCAST_PING_INTERVAL; lists are separated by "
    "commas)\nand a key of the TOML file (ping-interval = 25000). A flag overrides a variable, a "
    "variable the file.";

}  // namespace

std::variant<command_line, early_exit> parse_command_line(std::vector<std::string> arguments) {
  command_line parsed;
  CLI::App app("Flowcast: real-time for Mendix apps", "flowcast-server");
  app.footer(footer);
  app.get_formatter()->column_width(34);
  app.set_version_flag("--version", "flowcast-server " FLOWCAST_VERSION);
  app.add_option("--config", parsed.config, "TOML file with settings")
      ->type_name("FILE")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);

  std::map<std::string_view, std::vector<std::string>> values;
  std::map<std::string_view, CLI::Option*> switches;
  for (const option& one : options()) {
    const std::string flag = "--" + std::string(one.name);
    CLI::Option* added = nullptr;
    if (one.value.empty()) {
      // `--allow-anonymous` and `--allow-anonymous=false`
      added = app.add_flag(flag, values[one.name], std::string(one.help));
      added->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    } else {
      added = app.add_option(flag, values[one.name], std::string(one.help));
      added->type_name(std::string(one.value))->expected(1)->allow_extra_args(false);
      added->multi_option_policy(one.repeatable ? CLI::MultiOptionPolicy::TakeAll
                                                : CLI::MultiOptionPolicy::TakeLast);
    }
    added->group(std::string(one.group));
  }

  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& stop) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = app.exit(stop, out, err);
    if (code == 0) {
      return early_exit{0, out.str()};
    }
    return early_exit{2, "flowcast-server: " + std::string(stop.what()) +
                             "\nflowcast-server --help lists all flags\n"};
  }

  for (const option& one : options()) {
    for (std::string& value : values[one.name]) {
      parsed.values.push_back(
          {std::string(one.name), std::move(value), "--" + std::string(one.name)});
    }
  }
  return parsed;
}

}  // namespace flowcast::settings
