#include "support/client_frames.hpp"

#include <cstddef>

namespace flowcast::support {

void append_client_frame(std::string& out, const client_frame& frame) {
  const std::uint64_t length =
      frame.claimed_length != 0 ? frame.claimed_length : frame.payload.size();
  unsigned length_bytes = frame.length_bytes;
  if (length_bytes == 0 && length > 125) {
    length_bytes = length > 0xffff ? 8 : 2;
  }
  const unsigned fin = frame.final ? 0x80 : 0;
  const unsigned mask_bit = frame.masked ? 0x80 : 0;
  out += static_cast<char>(fin | frame.reserved_bits | static_cast<unsigned>(frame.code));
  if (length_bytes == 0) {
    out += static_cast<char>(mask_bit | length);
  } else {
    out += static_cast<char>(mask_bit | (length_bytes == 2 ? 126U : 127U));
    for (unsigned shift = length_bytes * 8; shift > 0; shift -= 8) {
      out += static_cast<char>(length >> (shift - 8) & 0xffU);
    }
  }
  if (!frame.masked) {
    out += frame.payload;
    return;
  }
  for (const unsigned char byte : frame.mask) {
    out += static_cast<char>(byte);
  }
  for (std::size_t i = 0; i < frame.payload.size(); ++i) {
    out += static_cast<char>(static_cast<unsigned char>(frame.payload[i]) ^ frame.mask[i % 4]);
  }
}

std::string bytes_of(const client_frame& frame) {
  std::string out;
  append_client_frame(out, frame);
  return out;
}

std::string close_body(unsigned code, std::string_view reason) {
  std::string body = {static_cast<char>(code >> 8U), static_cast<char>(code & 0xffU)};
  return body.append(reason);
}

}  // namespace flowcast::support
