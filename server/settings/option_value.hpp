#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/decimal.hpp"
#include "settings/option.hpp"

// What the text of a setting may say, and what to answer where it says something else.
namespace flowcast::settings {

template <class Number>
[[nodiscard]] complaint set_number(std::string_view text, std::int64_t lowest, std::int64_t highest,
                                   Number& to) {
  const auto number = protocol::whole_number<std::int64_t>(text);
  if (!number || *number < lowest || *number > highest) {
    return "must be a whole number from " + std::to_string(lowest) + " to " +
           std::to_string(highest);
  }
  to = Number(*number);
  return std::nullopt;
}

[[nodiscard]] complaint set_switch(std::string_view text, bool& to);
[[nodiscard]] complaint set_delivery(std::string_view text, services::delivery& to);
[[nodiscard]] complaint set_field(std::string_view text, std::string& to);

// HOST:PORT, http://HOST:PORT or https://HOST:PORT. What is refused changes nothing.
[[nodiscard]] complaint set_address(std::string_view text, std::optional<http::listen_address>& to);

[[nodiscard]] complaint check_service_name(std::string_view name);
[[nodiscard]] complaint check_store(std::string_view text);
[[nodiscard]] complaint check_origin(std::string_view text);

}  // namespace flowcast::settings
