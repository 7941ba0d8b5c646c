#include "operations/spare_memory.hpp"

namespace flowcast::operations {

namespace {

constexpr std::size_t worth_it = std::size_t{2} * 1024 * 1024;

// Changes that are smaller do not count.
bool is_about(std::size_t one, std::size_t other) {
  return one <= other + worth_it / 2 && other <= one + worth_it / 2;
}

}  // namespace

bool spare_memory::is_due(const heap& now) {
  const bool idle = is_about(now.free, before_.free) && is_about(now.used, before_.used);
  before_ = now;
  // Pages that were given back still count as free.
  const bool anew = !is_about(now.free, given_back_.free) || !is_about(now.used, given_back_.used);
  if (!idle || !anew || now.free < worth_it || now.free < now.used / 4) {
    return false;
  }
  given_back_ = now;
  return true;
}

}  // namespace flowcast::operations
