#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "protocol/json_value.hpp"

namespace flowcast::core {

// Text that one owns, and that grows at its end. std::string does the same in 2 kB more, which
// every page would load.
class text_buffer {
 public:
  text_buffer() = default;
  text_buffer(const text_buffer&) = delete;
  text_buffer& operator=(const text_buffer&) = delete;
  ~text_buffer() = default;
  text_buffer& operator=(std::string_view content);  // not of its own

  text_buffer& operator+=(std::string_view more);
  text_buffer& operator+=(char more) { return *this += std::string_view(&more, 1); }

  [[nodiscard]] std::string_view view() const { return {data_.get(), size_}; }
  // NOLINTNEXTLINE(google-explicit-constructor): it is text
  operator std::string_view() const { return view(); }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

  void clear() { size_ = 0; }      // keeps the memory
  void reserve(std::size_t room);  // at least what it holds
  void swap(text_buffer& other);

 private:
  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t room_ = 0;
};

// Texts one after the other, each ended by NUL: a list as it crosses from JavaScript, and as it is
// kept.
using text_list = std::string_view;

// Takes the first text off the list; empty at its end.
[[nodiscard]] std::string_view take_text(text_list& list);

[[nodiscard]] bool has_text(text_list list, std::string_view text);

// Takes the digits that `text` begins with. False, and nothing taken, if there are none or their
// number is too large.
[[nodiscard]] bool take_number(std::string_view& text, std::uint32_t& number);

void append_number(text_buffer& out, std::uint32_t number);

// As a JSON string, with quotes.
void append_json(text_buffer& out, std::string_view content);

// A JSON string's content; empty for any other kind. Its escapes, if any, are undone in `buffer`.
[[nodiscard]] std::string_view string_of(const protocol::json_value& value, text_buffer& buffer);

}  // namespace flowcast::core
