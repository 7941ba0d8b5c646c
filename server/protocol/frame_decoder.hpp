#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "protocol/frame.hpp"
#include "protocol/utf8.hpp"

namespace flowcast::protocol {

enum class frame_event_kind : std::uint8_t {
  need_more,  // all input is taken, and nothing is complete
  text,       // a whole message, its fragments joined
  binary,
  ping,  // to be answered with a pong of the same payload
  pong,
  close,      // the other side's last word, to be answered with a close frame
  violation,  // the other side broke the rules: send a close frame with `code`, then disconnect
};

struct frame_event {
  frame_event_kind kind = frame_event_kind::need_more;

  // With close: the code received, or close_code::none_given. With violation: the code to send.
  std::uint16_t code = 0;

  // The payload, unmasked: a slice of the input or of the caller's buffer, valid until either is
  // changed or next() is called again. With close, the reason given; with violation, what was wrong
  // (to be sent and logged).
  std::string_view payload;
};

// Whether frames must be masked (those a client sends) or must not be (those a server sends).
enum class masking : std::uint8_t { required, refused };

// Reads websocket frames (RFC 6455) from bytes that arrive in any pieces.
//
// The rules, with the sections they come from and the close code of their violation:
//   - no extension is negotiated, so RSV bits are zero (5.2): 1002
//   - opcodes are those of section 5.2: 1002
//   - a client masks every frame, a server none (5.1): 1002
//   - lengths are in their shortest form and below 2^63 (5.2): 1002
//   - control frames are whole and have at most 125 bytes (5.5); they may come between fragments
//     and are given at once: 1002
//   - fragments continue exactly the message that is open (5.4): 1002
//   - a message, its fragments together, has at most `max_message` bytes, and is refused as soon
//     as a header says that it will have more (7.4.1): 1009
//   - text is UTF-8 (8.1), and so is the reason of a close frame; refused at the first byte that
//     cannot be right, before the frame is complete: 1007
//   - a close frame has no body, or one that begins with a code that may be sent (5.5.1, 7.4): 1002
//   - after a close frame and after a violation, whatever comes is dropped unread.
// How the bytes are cut into pieces never changes what is given.
//
// Memory: the decoder is a few words and allocates nothing. A message that lies in one piece in the
// input is given from there, unmasked in place. Only what is not complete when the input ends is
// kept, in `pending`, a string that the caller owns beside the decoder and leaves alone; it never
// holds more bytes than have arrived, nor more than `max_message` + 125. Once idle() is true,
// `pending` is not needed and its memory may be given back.
class frame_decoder {
 public:
  explicit frame_decoder(masking rule = masking::required) : rule_(rule) {}

  // Takes bytes off the front of `input` up to the end of the next whole message or control frame,
  // and gives that; to be called again until it says need_more (`input` is empty then).
  [[nodiscard]] frame_event next(std::span<char>& input, std::string& pending,
                                 std::size_t max_message);

  // True when no part of a frame or message is held. The last event's payload counts as held until
  // next() has been called again.
  [[nodiscard]] bool idle() const;

 private:
  enum class step : std::uint8_t { header, payload, ended };

  [[nodiscard]] frame_event violation(std::uint16_t code, std::string_view reason);
  void drop_given(std::string& pending);
  void next_frame();
  [[nodiscard]] frame_event take_header(std::span<char>& input, std::size_t message_size,
                                        std::size_t max_message);
  [[nodiscard]] std::string_view first_bytes_fault() const;
  [[nodiscard]] frame_event open_frame(std::size_t message_size, std::size_t max_message);
  void unmask(std::span<char> bytes);
  [[nodiscard]] std::string_view join(std::span<const char> piece, std::string& pending);
  [[nodiscard]] frame_event finish(std::string_view payload);
  [[nodiscard]] frame_event finish_close(std::string_view payload);

  [[nodiscard]] std::size_t extended_size() const;
  [[nodiscard]] bool final_frame() const { return (byte(0) & 0x80U) != 0; }
  [[nodiscard]] bool masked() const { return (byte(1) & 0x80U) != 0; }
  [[nodiscard]] opcode frame_opcode() const { return static_cast<opcode>(byte(0) & 0xfU); }
  [[nodiscard]] bool control() const { return frame_opcode() >= opcode::close; }
  [[nodiscard]] unsigned char byte(std::size_t index) const {
    return static_cast<unsigned char>(header_[index]);
  }

  std::uint64_t left_ = 0;            // bytes of the current frame's payload still to come
  std::array<char, 14> header_ = {};  // of the current frame, as far as it is there
  std::uint8_t header_size_ = 0;
  std::uint8_t control_size_ = 0;  // bytes at the end of `pending` that are a control frame's
  std::uint8_t mask_at_ = 0;       // the place in the mask of the next payload byte
  masking rule_;
  step step_ = step::header;
  opcode message_ = opcode::continuation;  // what the open message is; continuation: none is open
  bool given_ = false;                     // `pending` holds what was given last
  utf8_checker text_;                      // complete wherever no message is open
};

static_assert(sizeof(frame_decoder) <= 32, "every idle session pays for this");

}  // namespace flowcast::protocol
