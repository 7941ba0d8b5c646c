#include "core/pointer_list.hpp"

#include <algorithm>

namespace flowcast::core {

void pointer_row::insert(std::size_t at, void* item) {
  if (size_ == room_) {
    room_ = std::max<std::size_t>(2 * size_, 1);
    std::unique_ptr<void*[]> larger(new void*[room_]);
    std::copy_n(items_.get(), size_, larger.get());
    items_ = std::move(larger);
  }
  void** const place = items_.get() + at;
  std::copy_backward(place, items_.get() + size_, items_.get() + size_ + 1);
  *place = item;
  ++size_;
}

void pointer_row::erase(std::size_t at) {
  void** const place = items_.get() + at;
  std::copy(place + 1, items_.get() + size_, place);
  --size_;
}

std::size_t pointer_row::find(const void* item) const {
  std::size_t at = 0;
  while (at != size_ && items_[at] != item) {
    ++at;
  }
  return at;
}

}  // namespace flowcast::core
