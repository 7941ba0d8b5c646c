#include "operations/spare_memory.hpp"

namespace flowcast::operations {

void spare_memory::look() {}

}  // namespace flowcast::operations
