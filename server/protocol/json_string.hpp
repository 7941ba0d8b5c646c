#pragma once

#include <array>
#include <string_view>

namespace flowcast::protocol {

// Reads the content of a checked JSON string in pieces: runs without escapes as slices of the
// text, and each escape decoded (a surrogate pair is one character) from four bytes of its own.
class json_string_reader {
 public:
  // `quoted`: a checked string with its quotes.
  explicit json_string_reader(std::string_view quoted)
      : rest_(quoted.substr(1, quoted.size() - 2)) {}

  // The next piece, valid until the next call; empty at the end.
  [[nodiscard]] std::string_view next();

 private:
  std::string_view rest_;
  std::array<char, 4> decoded_ = {};
};

}  // namespace flowcast::protocol
