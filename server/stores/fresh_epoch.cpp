#include "stores/fresh_epoch.hpp"

#include <random>

namespace flowcast::stores {

std::uint64_t fresh_epoch() {
  std::random_device entropy;
  std::uniform_int_distribution<std::uint64_t> any(1);
  return any(entropy);
}

}  // namespace flowcast::stores
