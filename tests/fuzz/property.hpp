#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace flowcast::fuzz {

// What every target defines: checks its properties for one input, which may be any bytes.
void try_input(std::string_view input);

// Ends the program, which is how libFuzzer and the replay learn of a failure, unless `holds`.
inline void require(bool holds, const char* property) {
  if (!holds) {
    std::fprintf(stderr, "a property does not hold: %s\n", property);
    std::abort();
  }
}

}  // namespace flowcast::fuzz
