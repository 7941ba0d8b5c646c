#include <cstdlib>

#include <sys/random.h>

#include "realtime/random_bytes.hpp"

namespace flowcast::realtime {

void fill_with_random(std::span<unsigned char> bytes) {
  // Does not fail or come short for so little once the system is up (getrandom(2)).
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    std::abort();
}

}  // namespace flowcast::realtime
