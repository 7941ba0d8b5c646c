// The settings file, the flags and the environment: whatever is in them, load() answers with
// settings that can be run or with words for people.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <unistd.h>

#include "fuzz/property.hpp"
#include "settings/load.hpp"

namespace flowcast::settings {
namespace {

using fuzz::require;

// One file for the whole run.
class settings_on_disk {
 public:
  settings_on_disk()
      : path_(std::filesystem::temp_directory_path() /
              ("flowcast-settings-fuzz-" + std::to_string(::getpid()) + ".toml")) {}
  settings_on_disk(const settings_on_disk&) = delete;
  settings_on_disk& operator=(const settings_on_disk&) = delete;
  ~settings_on_disk() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  std::string holding(std::string_view text) const {
    std::ofstream(path_, std::ios::binary) << text;
    return path_.string();
  }

 private:
  std::filesystem::path path_;
};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty() && lines.size() < 20) {
    const std::string_view line = text.substr(0, text.find('\n'));
    lines.emplace_back(line);
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return lines;
}

// toml++ 3.3 runs into undefined behaviour of its own where characters from U+00A1 to U+0499 stand
// outside of strings and comments.
std::string ascii_of(std::string_view text) {
  std::string ascii(text);
  std::replace_if(
      ascii.begin(), ascii.end(), [](char c) { return (c & 0x80) != 0; }, '?');
  return ascii;
}

void check(const std::variant<settings, early_exit>& loaded) {
  if (const auto* refused = std::get_if<early_exit>(&loaded)) {
    require(!refused->text.empty(), "a refusal says why");
    return;
  }
  const auto& good = std::get<settings>(loaded);
  require(!good.listen.empty() && !good.services.empty() && good.threads > 0,
          "settings can be run");
}

void check_input(std::string_view input) {
  static const settings_on_disk file;
  const environment nothing = [](const std::string&) { return std::optional<std::string>(); };
  const environment everything = [input](const std::string&) {
    return std::optional<std::string>(std::string(input.substr(0, input.find('\0'))));
  };
  check(load({"--config", file.holding(ascii_of(input))}, nothing));
  check(load(lines_of(input), nothing));
  check(load({}, everything));
}

}  // namespace
}  // namespace flowcast::settings

void flowcast::fuzz::try_input(std::string_view input) {
  settings::check_input(input);
}
