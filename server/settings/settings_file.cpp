#include "settings/settings_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <system_error>

#include <toml++/toml.h>

#include "protocol/utf8.hpp"

namespace flowcast::settings {

namespace {

class reader {
 public:
  reader(const std::string& path, settings_file& into) : path_(path), into_(into) {}

  void read(const toml::table& root) {
    for (const auto& [key, node] : in_order(root)) {
      if (key == "service" && node->is_table()) {
        read_services(*node->as_table());
      } else {
        read_value(key, *node, into_.values);
      }
    }
  }

 private:
  using entry = std::pair<std::string, const toml::node*>;

  // toml++ sorts by name; people mean the order that they wrote.
  static std::vector<entry> in_order(const toml::table& table) {
    std::vector<entry> entries;
    for (const auto& [key, node] : table)
      entries.emplace_back(std::string(key.str()), &node);
    std::stable_sort(entries.begin(), entries.end(), [](const entry& a, const entry& b) {
      return a.second->source().begin < b.second->source().begin;
    });
    return entries;
  }

  void read_services(const toml::table& sections) {
    for (const auto& [name, node] : in_order(sections)) {
      if (!node->is_table()) {
        fault(*node, "a service is a section, such as [service.microflow]");
        continue;
      }
      auto& section = into_.services.emplace_back(name, assignments{});
      for (const auto& [key, value] : in_order(*node->as_table()))
        read_value(key, *value, section.second);
    }
  }

  void read_value(std::string key, const toml::node& node, assignments& to) {
    std::replace(key.begin(), key.end(), '_', '-');
    if (const toml::array* list = node.as_array()) {
      for (const toml::node& one : *list)
        read_scalar(key, one, to);
    } else {
      read_scalar(key, node, to);
    }
  }

  void read_scalar(const std::string& key, const toml::node& node, assignments& to) {
    std::string text;
    if (const auto* string = node.as_string()) {
      text = string->get();
    } else if (const auto* number = node.as_integer()) {
      text = std::to_string(number->get());
    } else if (const auto* boolean = node.as_boolean()) {
      text = boolean->get() ? "true" : "false";
    } else {
      fault(node, "`" + key + "` must be a string, a whole number, true or false");
      return;
    }
    to.push_back({key, std::move(text), where(node)});
  }

  [[nodiscard]] std::string where(const toml::node& node) const {
    return path_ + " line " + std::to_string(node.source().begin.line);
  }

  void fault(const toml::node& node, const std::string& what) {
    into_.faults.push_back(where(node) + ": " + what);
  }

  const std::string& path_;
  settings_file& into_;
};

}  // namespace

settings_file read_settings_file(const std::string& path) {
  settings_file file;
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream.is_open() || stream.bad() || text.fail()) {
    file.faults.push_back("cannot read " + path +
                          ": check that it is a file and that its permissions allow it");
    return file;
  }
  try {
    const toml::table root = toml::parse(text.view(), path);
    reader(path, file).read(root);
  } catch (const toml::parse_error& wrong) {
    file.faults.push_back(path + " line " + std::to_string(wrong.source().begin.line) +
                          ": not valid TOML: " + std::string(wrong.description()) +
                          (protocol::is_utf8(text.view()) ? "" : "; save the file as UTF-8"));
  }
  return file;
}

}  // namespace flowcast::settings
