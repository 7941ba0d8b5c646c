#include <malloc.h>

#include "operations/spare_memory.hpp"

namespace flowcast::operations {

void spare_memory::look() {
  const struct mallinfo2 heaps = ::mallinfo2();
  if (is_due({heaps.uordblks, heaps.fordblks})) {
    ::malloc_trim(0);
  }
}

}  // namespace flowcast::operations
