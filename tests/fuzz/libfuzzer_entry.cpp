// What libFuzzer calls (https://llvm.org/docs/LibFuzzer.html).

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/property.hpp"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name for it
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  flowcast::fuzz::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
