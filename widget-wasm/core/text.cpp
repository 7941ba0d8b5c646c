#include "core/text.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "protocol/json_string.hpp"

namespace flowcast::core {

text_buffer& text_buffer::operator=(std::string_view content) {
  size_ = 0;
  *this += content;
  return *this;
}

text_buffer& text_buffer::operator+=(std::string_view more) {
  if (size_ + more.size() > room_) {
    reserve(std::max(size_ + more.size(), 2 * size_));
  }
  std::copy_n(more.data(), more.size(), data_.get() + size_);
  size_ += more.size();
  return *this;
}

void text_buffer::reserve(std::size_t room) {
  room_ = room;
  std::unique_ptr<char[]> larger(new char[room]);
  std::copy_n(data_.get(), size_, larger.get());
  data_ = std::move(larger);
}

void text_buffer::swap(text_buffer& other) {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(room_, other.room_);
}

std::string_view take_text(text_list& list) {
  std::size_t end = 0;
  while (end != list.size() && list[end] != '\0') {
    ++end;
  }
  const std::string_view text(list.data(), end);
  list.remove_prefix(end == list.size() ? end : end + 1);
  return text;
}

bool has_text(text_list list, std::string_view text) {
  while (!list.empty()) {
    if (take_text(list) == text) {
      return true;
    }
  }
  return false;
}

bool take_number(std::string_view& text, std::uint32_t& number) {
  constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t value = 0;
  std::size_t digits = 0;
  for (; digits != text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    const auto digit = static_cast<std::uint32_t>(text[digits] - '0');
    if (value > (most - digit) / 10) {
      return false;
    }
    value = value * 10 + digit;
  }
  text.remove_prefix(digits);
  number = value;
  return digits != 0;
}

void append_number(text_buffer& out, std::uint32_t number) {
  if (number >= 10) {
    append_number(out, number / 10);
  }
  out += static_cast<char>('0' + number % 10);
}

void append_json(text_buffer& out, std::string_view content) {
  out += '"';
  for (const char c : content) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      constexpr std::string_view digits = "0123456789abcdef";
      out += "\\u00";
      out += digits[byte >> 4U];
      out += digits[byte & 0xfU];
      continue;
    }
    if (c == '"' || c == '\\') {
      out += '\\';
    }
    out += c;
  }
  out += '"';
}

std::string_view string_of(const protocol::json_value& value, text_buffer& buffer) {
  if (!value.is(protocol::json_kind::string)) {
    return {};
  }
  buffer.clear();
  protocol::json_string_reader reader(value.text());
  for (std::string_view piece = reader.next(); !piece.empty(); piece = reader.next()) {
    if (piece.size() == value.text().size() - 2) {
      return piece;
    }
    buffer += piece;
  }
  return buffer;
}

}  // namespace flowcast::core
