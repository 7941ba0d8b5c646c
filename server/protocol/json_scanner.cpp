#include "protocol/json_scanner.hpp"

#include <algorithm>
#include <array>

#include "protocol/text_runs.hpp"
#include "protocol/utf8.hpp"

namespace flowcast::protocol {

namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Which of the open containers are objects: a bit each, so that depth costs no recursion.
class container_stack {
 public:
  explicit container_stack(unsigned max_depth)
      : max_depth_(std::min(max_depth, highest_json_depth)) {}

  [[nodiscard]] bool empty() const { return depth_ == 0; }
  [[nodiscard]] bool full() const { return depth_ == max_depth_; }
  [[nodiscard]] bool in_object() const {
    const unsigned top = depth_ - 1;
    return (objects_[top / 64] >> top % 64 & 1U) != 0;
  }
  void push(bool object) {
    std::uint64_t& word = objects_[depth_ / 64];
    const std::uint64_t bit = std::uint64_t{1} << depth_ % 64;
    word = object ? word | bit : word & ~bit;
    ++depth_;
  }
  void pop() { --depth_; }

 private:
  unsigned max_depth_;
  unsigned depth_ = 0;
  std::array<std::uint64_t, highest_json_depth / 64> objects_ = {};
};

}  // namespace

class json_scanner {
 public:
  json_scanner(std::string_view text, unsigned max_depth)
      : begin_(text.data()), at_(begin_), end_(begin_ + text.size()), open_(max_depth) {}

  [[nodiscard]] json_scan run() {
    skip_space();
    const char* const first = at_;
    const char* last = at_;
    if (value()) {
      last = at_;
      skip_space();
      if (at_ != end_) {
        fault_ = json_fault::unexpected_character;
      }
    }
    if (fault_ != json_fault::none) {
      return {{}, fault_, static_cast<std::size_t>(at_ - begin_)};
    }
    return {json_value({first, static_cast<std::size_t>(last - first)}), json_fault::none, 0};
  }

 private:
  // What may stand at the current place, white space aside.
  enum class expected : std::uint8_t { value, value_or_end, name, name_or_end, separator_or_end };

  [[nodiscard]] bool fail(json_fault fault) {
    fault_ = fault;
    return false;
  }

  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) {
      ++at_;
    }
  }

  [[nodiscard]] bool value() {
    expected next = expected::value;
    do {
      skip_space();
      if (at_ == end_) {
        return fail(json_fault::unexpected_end);
      }
      if (!step(next)) {
        return false;
      }
    } while (!open_.empty());
    return true;
  }

  [[nodiscard]] bool step(expected& next) {
    const bool may_end = next == expected::value_or_end || next == expected::name_or_end ||
                         next == expected::separator_or_end;
    if (may_end && *at_ == (open_.in_object() ? '}' : ']')) {
      ++at_;
      open_.pop();
      next = expected::separator_or_end;
      return true;
    }
    switch (next) {
      case expected::separator_or_end:
        next = open_.in_object() ? expected::name : expected::value;
        return literal(",");
      case expected::name:
      case expected::name_or_end:
        next = expected::value;
        return name();
      default:
        return one_value(next);
    }
  }

  [[nodiscard]] bool name() {
    if (*at_ != '"') {
      return fail(json_fault::unexpected_character);
    }
    if (!string()) {
      return false;
    }
    skip_space();
    return literal(":");
  }

  // A scalar, or the opening of a container.
  [[nodiscard]] bool one_value(expected& next) {
    next = expected::separator_or_end;
    switch (*at_) {
      case '{':
      case '[':
        if (open_.full()) {
          return fail(json_fault::too_deep);
        }
        open_.push(*at_ == '{');
        next = *at_ == '{' ? expected::name_or_end : expected::value_or_end;
        ++at_;
        return true;
      case '"':
        return string();
      case 't':
        return literal("true");
      case 'f':
        return literal("false");
      case 'n':
        return literal("null");
      default:
        return number();
    }
  }

  [[nodiscard]] bool literal(std::string_view word) {
    for (const char c : word) {
      if (at_ == end_) {
        return fail(json_fault::unexpected_end);
      }
      if (*at_ != c) {
        return fail(json_fault::unexpected_character);
      }
      ++at_;
    }
    return true;
  }

  [[nodiscard]] bool number() {
    const bool negative = *at_ == '-';
    if (negative) {
      ++at_;
    } else if (!is_digit(*at_)) {
      return fail(json_fault::unexpected_character);
    }
    if (at_ != end_ && *at_ == '0') {
      ++at_;
      if (at_ != end_ && is_digit(*at_)) {
        return fail(json_fault::bad_number);
      }
    } else if (!digits()) {
      return false;
    }
    if (at_ != end_ && *at_ == '.') {
      ++at_;
      if (!digits()) {
        return false;
      }
    }
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
      ++at_;
      if (at_ != end_ && (*at_ == '+' || *at_ == '-')) {
        ++at_;
      }
      if (!digits()) {
        return false;
      }
    }
    return true;
  }

  // At least one.
  [[nodiscard]] bool digits() {
    if (at_ == end_) {
      return fail(json_fault::unexpected_end);
    }
    if (!is_digit(*at_)) {
      return fail(json_fault::bad_number);
    }
    while (at_ != end_ && is_digit(*at_)) {
      ++at_;
    }
    return true;
  }

  [[nodiscard]] bool string() {
    ++at_;
    while (true) {
      at_ = skip_plain(at_, end_);
      if (at_ == end_) {
        return fail(json_fault::unexpected_end);
      }
      if (*at_ == '"') {
        ++at_;
        return true;
      }
      if (*at_ == '\\') {
        if (!escape()) {
          return false;
        }
      } else if (static_cast<unsigned char>(*at_) < 0x20) {
        return fail(json_fault::control_character);
      } else {
        const std::size_t length = utf8_character(at_, end_);
        if (length == 0) {
          return fail(json_fault::invalid_utf8);
        }
        at_ += length;
      }
    }
  }

  [[nodiscard]] bool escape() {
    if (end_ - at_ < 2) {
      at_ = end_;
      return fail(json_fault::unexpected_end);
    }
    if (at_[1] != 'u') {
      constexpr std::string_view letters = "\"\\/bfnrt";
      if (letters.find(at_[1]) == std::string_view::npos) {
        return fail(json_fault::bad_escape);
      }
      at_ += 2;
      return true;
    }
    const char* const first = at_;
    std::uint32_t unit = 0;
    if (!code_unit(unit)) {
      return false;
    }
    if (unit < 0xd800 || unit > 0xdfff) {
      return true;
    }
    std::uint32_t low = 0;
    const bool high = unit <= 0xdbff;
    const bool escape_follows = end_ - at_ >= 2 && at_[0] == '\\' && at_[1] == 'u';
    if (high && escape_follows && !code_unit(low)) {
      return false;
    }
    if (low < 0xdc00 || low > 0xdfff) {
      at_ = first;
      return fail(json_fault::lone_surrogate);
    }
    return true;
  }

  // `\uXXXX`, of which the first two bytes are known to be there.
  [[nodiscard]] bool code_unit(std::uint32_t& unit) {
    if (end_ - at_ < 6) {
      at_ = end_;
      return fail(json_fault::unexpected_end);
    }
    for (const char c : std::string_view(at_ + 2, 4)) {
      if (!is_hex_digit(c)) {
        return fail(json_fault::bad_escape);
      }
      const auto digit = static_cast<std::uint32_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
      unit = unit << 4U | digit;
    }
    at_ += 6;
    return true;
  }

  const char* begin_;
  const char* at_;
  const char* end_;
  container_stack open_;
  json_fault fault_ = json_fault::none;
};

json_scan scan_json(std::string_view text, unsigned max_depth) {
  return json_scanner(text, max_depth).run();
}

}  // namespace flowcast::protocol
