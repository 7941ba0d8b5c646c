#include "support/allocation_count.hpp"

#include <cstdlib>
#include <new>

namespace flowcast {

namespace {
thread_local std::size_t count = 0;

void* allocate(std::size_t size) {
  ++count;
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr)
    throw std::bad_alloc();
  return memory;
}
}  // namespace

std::size_t allocation_count() {
  return count;
}

}  // namespace flowcast

// All other forms of new and delete call these.
void* operator new(std::size_t size) {
  return flowcast::allocate(size);
}
void* operator new[](std::size_t size) {
  return flowcast::allocate(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}
