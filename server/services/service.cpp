#include "services/service.hpp"

#include <algorithm>
#include <array>
#include <atomic>

namespace flowcast::services {

namespace {

constexpr std::array<std::string_view, 6> methods = {"find",   "get",   "create",
                                                     "update", "patch", "remove"};

}  // namespace

std::string_view to_string(method what) {
  return methods.at(static_cast<std::size_t>(what));
}

std::optional<method> parse_method(std::string_view name) {
  const auto* const found = std::find(methods.begin(), methods.end(), name);
  if (found == methods.end()) {
    return std::nullopt;
  }
  return static_cast<method>(found - methods.begin());
}

session_number new_session() {
  static std::atomic<session_number> last = 0;
  return ++last;
}

}  // namespace flowcast::services
