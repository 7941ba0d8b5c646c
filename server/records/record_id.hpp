#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/json_value.hpp"

namespace flowcast::records {

inline constexpr std::size_t longest_record_id = 512;  // bytes

// Which record is meant, in one canonical text: the string "1" and the number 1 are the same
// record, as in Feathers.
class record_id {
 public:
  record_id() = default;
  explicit record_id(std::int64_t number);

  // As it stands in a URL or a string. Any text is an id; one that no record can have is found
  // nowhere.
  [[nodiscard]] static record_id from_text(std::string_view text);

  // As it stands in JSON: a string or a number. Without a value for anything else, and for strings
  // longer than longest_record_id.
  [[nodiscard]] static std::optional<record_id> from_json(protocol::json_value value);

  [[nodiscard]] const std::string& text() const { return text_; }

  // The number, if the text is a canonical integer from 0 on. Stores list such records first, in
  // this order.
  [[nodiscard]] std::optional<std::int64_t> number() const;

  friend auto operator<=>(const record_id&, const record_id&) = default;

 private:
  std::string text_;
};

}  // namespace flowcast::records

template <>
struct std::hash<flowcast::records::record_id> {
  std::size_t operator()(const flowcast::records::record_id& id) const noexcept {
    return std::hash<std::string>()(id.text());
  }
};
