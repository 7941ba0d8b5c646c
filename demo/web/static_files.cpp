#include "web/static_files.hpp"

#include <array>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace flowcast::demo {
namespace {

std::string_view content_type_of(std::string_view extension) {
  struct known {
    std::string_view extension;
    std::string_view type;
  };
  static constexpr std::array types{known{".html", "text/html; charset=utf-8"},
                                    known{".css", "text/css; charset=utf-8"},
                                    known{".js", "text/javascript; charset=utf-8"},
                                    known{".mjs", "text/javascript; charset=utf-8"},
                                    known{".json", "application/json"},
                                    known{".svg", "image/svg+xml"},
                                    known{".png", "image/png"},
                                    known{".wasm", "application/wasm"}};
  for (const auto& k : types) {
    if (k.extension == extension) {
      return k.type;
    }
  }
  return "application/octet-stream";
}

bool leads_out(std::string_view path) {
  return path.find("..") != std::string_view::npos || path.find('\\') != std::string_view::npos ||
         path.find('\0') != std::string_view::npos || path.starts_with('/');
}

}  // namespace

void static_files::mount(std::string prefix, std::filesystem::path directory) {
  directories_.insert_or_assign(std::move(prefix), std::move(directory));
}

std::optional<static_files::file> static_files::read(std::string_view path) const {
  for (const auto& [prefix, directory] : directories_) {
    if (!path.starts_with(prefix)) {
      continue;
    }
    const auto rest = path.substr(prefix.size());
    if (leads_out(rest)) {
      return std::nullopt;
    }
    const auto name = directory / std::string(rest);
    std::error_code error;
    if (!std::filesystem::is_regular_file(name, error)) {
      return std::nullopt;
    }
    std::ifstream in(name, std::ios::binary);
    std::ostringstream content;
    content << in.rdbuf();
    return file{std::move(content).str(), content_type_of(name.extension().string())};
  }
  return std::nullopt;
}

}  // namespace flowcast::demo
