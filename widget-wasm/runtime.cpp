// The core's memory, and its end, in place of the C library's: 250 bytes rather than 2,000 on every
// page, and no import of a process to exit.
//
// Blocks come in classes: multiples of 8 bytes up to 256, then four to each doubling. A freed block
// waits in its class for the next one of its size; memory is never given back. That suits a core
// that keeps many small texts for long, and one buffer at a time for a large one.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <new>

extern "C" {
extern unsigned char __heap_base;  // where the linker's data and the stack end

void abort() {
  __builtin_trap();
}

// By bytes: what is searched here is short.
void* memchr(const void* from, int byte, std::size_t size) {
  const auto* at = static_cast<const unsigned char*>(from);
  for (; size != 0; --size, ++at) {
    if (*at == static_cast<unsigned char>(byte)) {
      return const_cast<unsigned char*>(at);
    }
  }
  return nullptr;
}
}

namespace {

// Before each block: its class; while it waits: the next one of its class.
union header {
  std::size_t size_class;
  header* next;
  std::array<std::size_t, 2> aligned;
};

constexpr std::size_t page = 64 * 1024;
constexpr std::size_t step = 8;
constexpr std::size_t steps = 32;
constexpr std::size_t first_shift = 6;  // four classes from 256 to 512, in steps of 1 << 6

std::array<header*, steps + 4 * 28> waiting;
std::uintptr_t unused = 0;

std::size_t class_of(std::size_t size) {
  if (size <= step * steps) {
    return (size - 1) / step;
  }
  const auto shift = static_cast<std::size_t>(std::bit_width(size - 1)) - 3;
  return steps + (shift - first_shift) * 4 + ((size - 1) >> shift) - 4;
}

std::size_t size_of(std::size_t size_class) {
  if (size_class < steps) {
    return (size_class + 1) * step;
  }
  const std::size_t from = size_class - steps;
  return (from % 4 + 5) << (from / 4 + first_shift);
}

header* fresh(std::size_t size) {
  if (unused == 0) {
    unused = (reinterpret_cast<std::uintptr_t>(&__heap_base) + sizeof(header) - 1) &
             ~(sizeof(header) - 1);
  }
  const std::uintptr_t begin = unused;
  unused += size;
  const std::size_t pages = (unused + page - 1) / page;
  const std::size_t present = __builtin_wasm_memory_size(0);
  if (pages > present && __builtin_wasm_memory_grow(0, pages - present) == SIZE_MAX) {
    abort();
  }
  return reinterpret_cast<header*>(begin);
}

}  // namespace

void* operator new(std::size_t size) {
  const std::size_t size_class = class_of(std::max<std::size_t>(size, 1) + sizeof(header));
  header* block = waiting[size_class];
  if (block != nullptr) {
    waiting[size_class] = block[1].next;
  } else {
    block = fresh(size_of(size_class));
    block->size_class = size_class;
  }
  return block + 1;
}

void operator delete(void* memory) noexcept {
  if (memory != nullptr) {
    header* const block = static_cast<header*>(memory) - 1;
    block[1].next = waiting[block->size_class];
    waiting[block->size_class] = block;
  }
}

void operator delete(void* memory, std::size_t /*size*/) noexcept {
  operator delete(memory);
}
