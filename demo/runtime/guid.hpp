#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flowcast::demo {

/// The identity of an object, as Mendix gives them out: the entity's number in the upper 16 bits, a
/// sequence in the lower 48. Entity numbers of apps are large enough that a GUID does not fit a
/// double, so that neighbours look the same to a JavaScript number.
struct guid {
  std::int64_t value = 0;

  friend constexpr bool operator==(guid a, guid b) { return a.value == b.value; }
  friend constexpr bool operator<(guid a, guid b) { return a.value < b.value; }
};

/// The decimal digits that the client API shows as `getGuid()`.
[[nodiscard]] std::string to_string(guid id);

/// The GUID that these decimal digits name; empty for anything else.
[[nodiscard]] std::optional<guid> parse_guid(std::string_view text);

}  // namespace flowcast::demo
