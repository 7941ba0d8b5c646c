#include "protocol/decimal.hpp"
#include "protocol/polling_payload.hpp"
#include "protocol/utf8.hpp"

namespace flowcast::protocol {

namespace {

constexpr char separator = '\x1e';
constexpr char end_of_length = '\xff';
constexpr unsigned max_length_digits = 9;

// The size in bytes of the first `units` UTF-16 code units of `text`; npos if there are fewer, if
// they end within a character, or if the text is not UTF-8.
std::size_t bytes_of_units(std::string_view text, std::uint64_t units) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (units > 0) {
    const std::size_t length = at == end ? 0 : utf8_character(at, end);
    const std::size_t taken = length == 4 ? 2 : 1;
    if (length == 0 || taken > units) {
      return std::string_view::npos;
    }
    at += length;
    units -= taken;
  }
  return static_cast<std::size_t>(at - text.data());
}

}  // namespace

payload_step payload_reader::next(engine_packet& packet, std::string& buffer) {
  if (ended_) {
    return payload_step::end;
  }
  if (left_ == 0) {
    ended_ = true;
    return payload_step::too_many_packets;
  }
  --left_;
  const content taken = form_ == payload_form::separated ? take_separated()
                        : form_ == payload_form::counted ? take_counted()
                                                         : take_framed();
  const auto revision =
      form_ == payload_form::separated ? engine_revision::four : engine_revision::three;
  std::optional<engine_packet> decoded;
  if (taken.good && taken.binary) {
    decoded = decode_engine_binary(taken.bytes, revision);
  } else if (taken.good && is_utf8(taken.bytes)) {
    decoded = decode_engine_packet(taken.bytes, revision, buffer);
  }
  if (!decoded) {
    ended_ = true;
    return payload_step::malformed;
  }
  packet = *decoded;
  return payload_step::packet;
}

payload_reader::content payload_reader::take_separated() {
  const std::size_t at = rest_.find(separator);
  const std::string_view packet = rest_.substr(0, at);
  if (at == std::string_view::npos) {
    ended_ = true;
  } else {
    rest_.remove_prefix(at + 1);
  }
  return {.good = true, .bytes = packet};
}

payload_reader::content payload_reader::take_counted() {
  const auto units = take_decimal(rest_, max_length_digits);
  if (!units || !rest_.starts_with(':')) {
    return {};
  }
  rest_.remove_prefix(1);
  const std::size_t size = bytes_of_units(rest_, *units);
  if (size == std::string_view::npos) {
    return {};
  }
  const std::string_view packet = rest_.substr(0, size);
  rest_.remove_prefix(size);
  ended_ = rest_.empty();
  return {.good = true, .bytes = packet};
}

payload_reader::content payload_reader::take_framed() {
  if (rest_.empty() || static_cast<unsigned char>(rest_.front()) > 1) {
    return {};
  }
  const bool binary = rest_.front() == 1;
  rest_.remove_prefix(1);
  std::size_t size = 0;
  unsigned digits = 0;
  while (digits < rest_.size() && static_cast<unsigned char>(rest_[digits]) <= 9) {
    if (digits == max_length_digits) {
      return {};
    }
    size = size * 10 + static_cast<unsigned char>(rest_[digits]);
    ++digits;
  }
  rest_.remove_prefix(digits);
  if (digits == 0 || !rest_.starts_with(end_of_length) || rest_.size() - 1 < size) {
    return {};
  }
  const std::string_view packet = rest_.substr(1, size);
  rest_.remove_prefix(size + 1);
  ended_ = rest_.empty();
  return {.good = true, .binary = binary, .bytes = packet};
}

}  // namespace flowcast::protocol
