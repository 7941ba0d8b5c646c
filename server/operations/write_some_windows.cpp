#include <algorithm>

#include <io.h>

#include "operations/write_some.hpp"

namespace flowcast::operations {

std::optional<std::size_t> write_some(int descriptor, std::string_view text,
                                      std::chrono::milliseconds /*longest*/) {
  constexpr std::size_t most = std::size_t{32} * 1024;  // what a console takes at once
  const int size =
      ::_write(descriptor, text.data(), static_cast<unsigned>(std::min(text.size(), most)));
  if (size <= 0) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(size);
}

}  // namespace flowcast::operations
