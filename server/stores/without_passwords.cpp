#include "stores/without_passwords.hpp"

namespace flowcast::stores {

std::string without_passwords(std::string_view spec) {
  constexpr std::string_view before = "://";
  std::string shown;
  for (;;) {
    const std::size_t host = spec.find(before);
    if (host == std::string_view::npos) {
      shown.append(spec);
      return shown;
    }
    shown.append(spec.substr(0, host + before.size()));
    spec.remove_prefix(host + before.size());
    const std::string_view authority = spec.substr(0, spec.find_first_of(",/?"));
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
      spec.remove_prefix(at + 1);
    }
  }
}

}  // namespace flowcast::stores
