#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include "settings/option.hpp"

// What the text of a setting may say, and what to answer where it says something else.
namespace flowcast::settings {

template <class Number>
[[nodiscard]] complaint set_number(std::string_view text, std::int64_t lowest, std::int64_t highest,
                                   Number& to) {
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size() || number < lowest ||
      number > highest) {
    return "must be a whole number from " + std::to_string(lowest) + " to " +
           std::to_string(highest);
  }
  to = Number(number);
  return std::nullopt;
}

[[nodiscard]] complaint set_switch(std::string_view text, bool& to);
[[nodiscard]] complaint set_delivery(std::string_view text, services::delivery& to);
[[nodiscard]] complaint set_field(std::string_view text, std::string& to);

// HOST:PORT, http://HOST:PORT or https://HOST:PORT.
[[nodiscard]] complaint set_address(std::string_view text, http::listen_address& to);

[[nodiscard]] complaint check_service_name(std::string_view name);
[[nodiscard]] complaint check_store(std::string_view text);
[[nodiscard]] complaint check_origin(std::string_view text);

}  // namespace flowcast::settings
