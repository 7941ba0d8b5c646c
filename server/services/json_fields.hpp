#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/decimal.hpp"
#include "protocol/json_value.hpp"

// What requests and messages hold, as what it is meant to be.
namespace flowcast::services {

// Nothing unless all of it is one that fits.
template <class Number>
[[nodiscard]] std::optional<Number> number_in(protocol::json_value from) {
  return from.is(protocol::json_kind::number) ? protocol::whole_number<Number>(from.text())
                                              : std::nullopt;
}

// Empty unless it is a text.
[[nodiscard]] inline std::string text_in(protocol::json_value from) {
  std::string buffer;
  return from.is(protocol::json_kind::string) ? std::string(from.string(buffer)) : std::string();
}

}  // namespace flowcast::services
