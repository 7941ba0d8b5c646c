#include "realtime/session_id.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

#include "realtime/random_bytes.hpp"

namespace flowcast::realtime {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t shard_digits = 2;  // 4,096 shards
constexpr std::size_t slot_digits = 4;   // 16 million sessions a shard
constexpr unsigned bits = 6;
constexpr unsigned mask = 63;

void fill_random(char* out, std::size_t size) {
  std::array<unsigned char, 64> bytes{};
  while (size > 0) {
    const std::size_t part = std::min(size, bytes.size());
    fill_with_random(std::span(bytes).first(part));
    out = std::transform(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(part), out,
                         [](unsigned char byte) { return alphabet[byte & mask]; });
    size -= part;
  }
}

void write_number(char* out, std::size_t digits, std::uint32_t number) {
  for (std::size_t i = digits; i-- > 0; number >>= bits)
    out[i] = alphabet[number & mask];
}

std::uint32_t read_number(const char* in, std::size_t digits) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    number = number << bits | static_cast<std::uint32_t>(alphabet.find(in[i]));
  }
  return number;
}

}  // namespace

session_id session_id::make(unsigned shard, std::uint32_t slot) {
  session_id id;
  write_number(id.text_.data(), shard_digits, shard);
  write_number(id.text_.data() + shard_digits, slot_digits, slot);
  constexpr std::size_t told = shard_digits + slot_digits;
  fill_random(id.text_.data() + told, id.text_.size() - told);
  return id;
}

std::optional<session_id> session_id::parse(std::string_view text) {
  if (text.size() != session_id_size || text.find_first_not_of(alphabet) != std::string_view::npos)
    return {};
  session_id id;
  std::copy(text.begin(), text.end(), id.text_.begin());
  return id;
}

unsigned session_id::shard() const {
  return read_number(text_.data(), shard_digits);
}

std::uint32_t session_id::slot() const {
  return read_number(text_.data() + shard_digits, slot_digits);
}

std::string random_text(std::size_t size) {
  std::string text(size, '\0');
  fill_random(text.data(), size);
  return text;
}

}  // namespace flowcast::realtime
