#include "runtime/guid.hpp"

#include <charconv>

namespace flowcast::demo {

std::string to_string(guid id) {
  return std::to_string(id.value);
}

std::optional<guid> parse_guid(std::string_view text) {
  guid id;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, id.value);
  if (error != std::errc{} || stopped != end || id.value <= 0) {
    return std::nullopt;
  }
  return id;
}

}  // namespace flowcast::demo
