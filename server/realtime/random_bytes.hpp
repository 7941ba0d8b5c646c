#pragma once

#include <span>

namespace flowcast::realtime {

// Fills in bytes that nobody can guess, from the operating system. At most 256 at a time.
void fill_with_random(std::span<unsigned char> bytes);

}  // namespace flowcast::realtime
