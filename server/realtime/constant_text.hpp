#pragma once

#include <string_view>

namespace flowcast::realtime {

// A text that lasts as long as the program. Only constants become one, which the compiler sees to:
// what holds it never points at a text that is gone.
class constant_text {
 public:
  constexpr constant_text() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): it is that constant
  consteval constant_text(std::string_view constant) : text_(constant) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  consteval constant_text(const char* constant) : text_(constant) {}

  [[nodiscard]] constexpr std::string_view text() const { return text_; }
  friend bool operator==(const constant_text&, const constant_text&) = default;

 private:
  std::string_view text_;
};

}  // namespace flowcast::realtime
