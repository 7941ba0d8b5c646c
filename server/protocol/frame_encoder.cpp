#include "protocol/frame_encoder.hpp"

#include <cassert>

#include "protocol/utf8.hpp"

namespace flowcast::protocol {

frame_header::frame_header(opcode code, std::size_t payload_size) {
  constexpr unsigned fin = 0x80;
  bytes_[0] = static_cast<char>(fin | static_cast<unsigned>(code));
  const std::uint64_t length = payload_size;
  unsigned extended = 0;
  if (length < 126) {
    bytes_[1] = static_cast<char>(length);
  } else if (length <= 0xffff) {
    bytes_[1] = 126;
    extended = 2;
  } else {
    bytes_[1] = 127;
    extended = 8;
  }
  for (unsigned shift = extended * 8; shift > 0; shift -= 8) {
    bytes_[size_++] = static_cast<char>(length >> (shift - 8) & 0xffU);
  }
}

void append_frame(std::string& out, opcode code, std::string_view payload) {
  assert(code < opcode::close || payload.size() <= max_control_payload);
  out += frame_header(code, payload.size()).bytes();
  out += payload;
}

void append_close_frame(std::string& out, std::uint16_t code, std::string_view reason) {
  if (code == close_code::none_given) {
    append_frame(out, opcode::close, {});
    return;
  }
  assert(is_close_code(code));
  reason = utf8_beginning(reason, max_control_payload - 2);
  out += frame_header(opcode::close, reason.size() + 2).bytes();
  out += static_cast<char>(code >> 8U);
  out += static_cast<char>(code & 0xffU);
  out += reason;
}

}  // namespace flowcast::protocol
