#pragma once

#include <cstddef>

namespace flowcast {

// How often operator new was called on this thread. Link allocation_count.cpp: it replaces operator
// new for the whole program.
std::size_t allocation_count();

}  // namespace flowcast
