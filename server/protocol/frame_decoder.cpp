#include "protocol/frame_decoder.hpp"

#include <algorithm>
#include <cstring>

namespace flowcast::protocol {

namespace {

constexpr std::size_t mask_size = 4;

}  // namespace

frame_event frame_decoder::next(std::span<char>& input, std::string& pending,
                                std::size_t max_message) {
  drop_given(pending);
  while (true) {
    if (step_ == step::ended) {
      input = {};
      return {};
    }
    if (step_ == step::header) {
      const frame_event event = take_header(input, pending.size(), max_message);
      if (step_ != step::payload) {
        return event;
      }
    }
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
    const std::span<char> piece = input.first(size);
    input = input.subspan(size);
    left_ -= size;
    unmask(piece);
    if (!control() && message_ == opcode::text && !text_.feed({piece.data(), size})) {
      return violation(close_code::invalid_data, "text is not UTF-8");
    }
    const std::string_view whole = join(piece, pending);
    if (left_ != 0) {
      return {};
    }
    if (control() || final_frame()) {
      return finish(whole);
    }
    next_frame();
  }
}

bool frame_decoder::idle() const {
  const bool between_messages =
      step_ == step::header && header_size_ == 0 && message_ == opcode::continuation;
  return !given_ && (between_messages || step_ == step::ended);
}

frame_event frame_decoder::violation(std::uint16_t code, std::string_view reason) {
  step_ = step::ended;
  given_ = true;
  return {frame_event_kind::violation, code, reason};
}

void frame_decoder::drop_given(std::string& pending) {
  if (!given_) {
    return;
  }
  given_ = false;
  const bool control_between_fragments = control_size_ != 0 && step_ != step::ended;
  pending.resize(control_between_fragments ? pending.size() - control_size_ : 0);
  control_size_ = 0;
}

void frame_decoder::next_frame() {
  step_ = step::header;
  header_size_ = 0;
}

// Ends in step::payload if the header is whole and right.
frame_event frame_decoder::take_header(std::span<char>& input, std::size_t message_size,
                                       std::size_t max_message) {
  const auto take = [&](std::size_t wanted) {
    const std::size_t size = std::min(wanted - header_size_, input.size());
    std::copy_n(input.begin(), size, header_.begin() + header_size_);
    header_size_ = static_cast<std::uint8_t>(header_size_ + size);
    input = input.subspan(size);
    return header_size_ == wanted;
  };
  if (header_size_ < 2) {
    if (!take(2)) {
      return {};
    }
    if (const std::string_view fault = first_bytes_fault(); !fault.empty()) {
      return violation(close_code::protocol_error, fault);
    }
  }
  if (!take(2 + extended_size() + (masked() ? mask_size : 0))) {
    return {};
  }
  return open_frame(message_size, max_message);
}

std::size_t frame_decoder::extended_size() const {
  const unsigned length = byte(1) & 0x7fU;
  return length == 127 ? 8 : length == 126 ? 2 : 0;
}

// What is wrong with the first two bytes of a header; empty if nothing is.
std::string_view frame_decoder::first_bytes_fault() const {
  if ((byte(0) & 0x70U) != 0) {
    return "reserved bits are set";
  }
  if (masked() != (rule_ == masking::required)) {
    return masked() ? "a frame of the server is masked" : "a frame of the client is not masked";
  }
  switch (frame_opcode()) {
    case opcode::continuation:
      return message_ == opcode::continuation ? "nothing to continue" : "";
    case opcode::text:
    case opcode::binary:
      return message_ == opcode::continuation ? "" : "a message begins within another";
    case opcode::close:
    case opcode::ping:
    case opcode::pong:
      if (!final_frame()) {
        return "a control frame is fragmented";
      }
      return extended_size() == 0 ? "" : "a control frame is too long";
  }
  return "unknown opcode";
}

frame_event frame_decoder::open_frame(std::size_t message_size, std::size_t max_message) {
  const std::size_t extended = extended_size();
  left_ = byte(1) & 0x7fU;
  if (extended != 0) {
    left_ = 0;
    for (std::size_t i = 0; i < extended; ++i) {
      left_ = left_ << 8U | byte(2 + i);
    }
    const std::uint64_t shortest = extended == 2 ? 126 : 0x10000;
    if (left_ < shortest || left_ >> 63U != 0) {
      return violation(close_code::protocol_error, "a frame's length is not in its shortest form");
    }
  }
  if (!control()) {
    if (message_size > max_message || left_ > max_message - message_size) {
      return violation(close_code::too_big, "the message is too big");
    }
    if (frame_opcode() != opcode::continuation) {
      message_ = frame_opcode();
    }
  }
  mask_at_ = 0;
  step_ = step::payload;
  return {};
}

void frame_decoder::unmask(std::span<char> bytes) {
  if (!masked()) {
    return;
  }
  const char* const mask = header_.data() + header_size_ - mask_size;
  std::array<char, 8> turned = {};
  for (std::size_t i = 0; i < turned.size(); ++i) {
    turned[i] = mask[(mask_at_ + i) % mask_size];
  }
  std::uint64_t key = 0;
  std::memcpy(&key, turned.data(), sizeof key);
  char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= sizeof key; left -= sizeof key, at += sizeof key) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    word ^= key;
    std::memcpy(at, &word, sizeof word);
  }
  for (std::size_t i = 0; i < left; ++i) {
    at[i] = static_cast<char>(at[i] ^ turned[i]);
  }
  mask_at_ = static_cast<std::uint8_t>((mask_at_ + bytes.size()) % mask_size);
}

// The message or control frame so far: in place if all of it is here, else in `pending`.
std::string_view frame_decoder::join(std::span<const char> piece, std::string& pending) {
  const std::string_view here(piece.data(), piece.size());
  const bool last_piece = left_ == 0 && (control() || final_frame());
  const bool nothing_before = control() ? control_size_ == 0 : pending.empty();
  if (last_piece && nothing_before) {
    return here;
  }
  pending += here;
  if (!control()) {
    given_ = last_piece;
    return pending;
  }
  control_size_ = static_cast<std::uint8_t>(control_size_ + here.size());
  given_ = last_piece;
  return std::string_view(pending).substr(pending.size() - control_size_);
}

frame_event frame_decoder::finish(std::string_view payload) {
  const opcode code = frame_opcode();
  next_frame();
  switch (code) {
    case opcode::ping:
      return {frame_event_kind::ping, 0, payload};
    case opcode::pong:
      return {frame_event_kind::pong, 0, payload};
    case opcode::close:
      return finish_close(payload);
    default:
      break;
  }
  const bool is_text = message_ == opcode::text;
  message_ = opcode::continuation;
  if (is_text && !text_.complete()) {
    return violation(close_code::invalid_data, "text ends within a character");
  }
  return {is_text ? frame_event_kind::text : frame_event_kind::binary, 0, payload};
}

frame_event frame_decoder::finish_close(std::string_view payload) {
  step_ = step::ended;
  given_ = true;
  if (payload.empty()) {
    return {frame_event_kind::close, close_code::none_given, {}};
  }
  if (payload.size() == 1) {
    return violation(close_code::protocol_error, "half a close code");
  }
  const auto high = static_cast<unsigned char>(payload[0]);
  const auto low = static_cast<unsigned char>(payload[1]);
  const auto code = static_cast<std::uint16_t>(high << 8U | low);
  if (!is_close_code(code)) {
    return violation(close_code::protocol_error, "a close code that may not be sent");
  }
  const std::string_view reason = payload.substr(2);
  if (!is_utf8(reason)) {
    return violation(close_code::invalid_data, "the reason of a close frame is not UTF-8");
  }
  return {frame_event_kind::close, code, reason};
}

}  // namespace flowcast::protocol
