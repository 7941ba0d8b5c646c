// Feeds a fuzz target with the files of a corpus, each whole and each of its beginnings, where
// libFuzzer is not to be had.

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

#include "fuzz/property.hpp"

namespace {

constexpr std::size_t longest_beginning = 2000;

void feed(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::vector<char> content{std::istreambuf_iterator<char>(in), {}};
  for (std::size_t size = 0; size <= std::min(content.size(), longest_beginning); ++size) {
    // In memory of its own, where a sanitizer sees a read beyond the end.
    const std::vector<char> input(content.begin(),
                                  content.begin() + static_cast<std::ptrdiff_t>(size));
    flowcast::fuzz::try_input({input.data(), input.size()});
  }
  flowcast::fuzz::try_input({content.data(), content.size()});
}

}  // namespace

int main(int count, char** arguments) {
  int files = 0;
  for (int i = 1; i < count; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(arguments[i])) {
      feed(entry.path());
      ++files;
    }
  }
  std::cout << files << " files replayed\n";
  return files == 0 ? 1 : 0;
}
