#include "core/pointer_list.hpp"

namespace flowcast::core {

void pointer_row::insert(std::size_t at, void* item) {
  items_.push_back(item);
  const auto place = items_.begin() + static_cast<std::ptrdiff_t>(at);
  std::move_backward(place, items_.end() - 1, items_.end());
  *place = item;
}

void pointer_row::erase(std::size_t at) {
  items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace flowcast::core
