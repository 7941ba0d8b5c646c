#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace flowcast::demo {

/// Files under a few directories, each at a prefix of the path, such as `/widgets/`.
class static_files {
 public:
  struct file {
    std::string content;
    std::string_view content_type;
  };

  /// Serves a directory at a prefix, which begins and ends in `/`.
  void mount(std::string prefix, std::filesystem::path directory);

  /// The file at a path, if there is one. A path never leads out of its directory.
  [[nodiscard]] std::optional<file> read(std::string_view path) const;

 private:
  std::map<std::string, std::filesystem::path, std::greater<>> directories_;
};

}  // namespace flowcast::demo
