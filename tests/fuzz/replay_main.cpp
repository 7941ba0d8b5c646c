// Feeds a fuzz target with the files of a corpus, where libFuzzer is not to be had: each whole and,
// unless --whole is given, each of its beginnings.

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <string_view>
#include <vector>

#include "fuzz/property.hpp"

namespace {

constexpr std::size_t longest_beginning = 2000;

void feed(const std::filesystem::path& file, bool beginnings) {
  std::ifstream in(file, std::ios::binary);
  const std::vector<char> content{std::istreambuf_iterator<char>(in), {}};
  flowcast::fuzz::try_input({content.data(), content.size()});
  if (!beginnings) {
    return;
  }
  for (std::size_t size = 0; size <= std::min(content.size(), longest_beginning); ++size) {
    // In memory of its own, where a sanitizer sees a read beyond the end.
    const std::vector<char> input(content.begin(),
                                  content.begin() + static_cast<std::ptrdiff_t>(size));
    flowcast::fuzz::try_input({input.data(), input.size()});
  }
}

}  // namespace

int main(int count, char** arguments) {
  int files = 0;
  bool beginnings = true;
  for (const std::string_view argument :
       std::span(arguments, static_cast<std::size_t>(count)).subspan(1)) {
    if (argument == "--whole") {
      beginnings = false;
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(argument)) {
      feed(entry.path(), beginnings);
      ++files;
    }
  }
  std::cout << files << " files replayed\n";
  return files == 0 ? 1 : 0;
}
