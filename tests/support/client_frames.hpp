#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/frame.hpp"

namespace flowcast::support {

// Websocket frames as a client sends them (RFC 6455, section 5.2), and as one that breaks the rules
// would. To read what a server sends, use frame_decoder with masking::refused.

struct client_frame {
  protocol::opcode code = protocol::opcode::text;
  std::string_view payload = {};
  bool final = true;
  bool masked = true;
  std::array<unsigned char, 4> mask = {0x12, 0x34, 0x56, 0x78};

  // To break the rules with:
  std::uint8_t reserved_bits = 0;    // 0x40, 0x20, 0x10
  unsigned length_bytes = 0;         // 2 or 8 forces that form of the length
  std::uint64_t claimed_length = 0;  // in place of the payload's
};

void append_client_frame(std::string& out, const client_frame& frame);

[[nodiscard]] std::string bytes_of(const client_frame& frame);

// The payload of a close frame.
[[nodiscard]] std::string close_body(unsigned code, std::string_view reason = {});

}  // namespace flowcast::support
