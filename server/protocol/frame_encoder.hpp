#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/frame.hpp"

namespace flowcast::protocol {

// Writes the frames that a server sends (RFC 6455, section 5.2): whole messages, unmasked, without
// extensions, their length in its shortest form.

class frame_header {
 public:
  static constexpr std::size_t max_size = 10;

  frame_header(opcode code, std::size_t payload_size);

  // The bytes that go before the payload.
  [[nodiscard]] std::string_view bytes() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, max_size> bytes_ = {};
  std::uint8_t size_ = 2;
};

// `payload` must suit the opcode: UTF-8 for text, at most max_control_payload bytes for ping and
// pong.
void append_frame(std::string& out, opcode code, std::string_view payload);

// A close frame. With close_code::none_given it has no body; any other code must be one that
// is_close_code accepts. `reason` is UTF-8, and cut after a whole character where it does not fit.
void append_close_frame(std::string& out, std::uint16_t code, std::string_view reason = {});

}  // namespace flowcast::protocol
