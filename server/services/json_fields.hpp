#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "protocol/json_value.hpp"

// What requests and messages hold, as what it is meant to be.
namespace flowcast::services {

// Nothing unless all of it is one that fits.
template <class Number>
[[nodiscard]] std::optional<Number> number_in(protocol::json_value from) {
  const std::string_view text = from.text();
  Number number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool read = from.is(protocol::json_kind::number) && fault == std::errc() &&
                    end == text.data() + text.size();
  return read ? std::optional(number) : std::nullopt;
}

// Empty unless it is a text.
[[nodiscard]] inline std::string text_in(protocol::json_value from) {
  std::string buffer;
  return from.is(protocol::json_kind::string) ? std::string(from.string(buffer)) : std::string();
}

}  // namespace flowcast::services
