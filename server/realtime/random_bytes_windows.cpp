#include <cstdlib>

#include <windows.h>
// Which this one needs before it.
#include <bcrypt.h>

#include "realtime/random_bytes.hpp"

namespace flowcast::realtime {

void fill_with_random(std::span<unsigned char> bytes) {
  // Does not fail on a system that has come up.
  if (::BCryptGenRandom(nullptr, bytes.data(), static_cast<ULONG>(bytes.size()),
                        BCRYPT_USE_SYSTEM_PREFERRED_RNG) != 0)
    std::abort();
}

}  // namespace flowcast::realtime
