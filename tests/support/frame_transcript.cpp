#include "support/frame_transcript.hpp"

#include <span>

namespace flowcast::support {

using protocol::frame_decoder;
using protocol::frame_event;
using protocol::frame_event_kind;
using protocol::masking;
using protocol::max_control_payload;

namespace {

std::string told(const frame_event& event) {
  const std::string payload(event.payload);
  const std::string code = " " + std::to_string(event.code) + ":";
  switch (event.kind) {
    case frame_event_kind::need_more:
      break;
    case frame_event_kind::text:
      return "text:" + payload;
    case frame_event_kind::binary:
      return "binary:" + payload;
    case frame_event_kind::ping:
      return "ping:" + payload;
    case frame_event_kind::pong:
      return "pong:" + payload;
    case frame_event_kind::close:
      return "close" + code + payload;
    case frame_event_kind::violation:
      return "violation" + code + payload;
  }
  return "need_more";
}

}  // namespace

std::vector<std::string> transcript(std::string_view bytes, std::size_t max_message,
                                    const std::vector<std::size_t>& cuts, masking rule) {
  std::vector<std::string> events;
  frame_decoder decoder(rule);
  std::string pending;
  std::size_t from = 0;
  std::vector<std::size_t> ends = cuts;
  ends.push_back(bytes.size());
  for (const std::size_t end : ends) {
    // Each piece in memory of its own size, where a sanitizer sees a read beyond it.
    std::vector<char> piece(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                            bytes.begin() + static_cast<std::ptrdiff_t>(end));
    from = end;
    std::span<char> input(piece);
    for (frame_event event = decoder.next(input, pending, max_message);
         event.kind != frame_event_kind::need_more;
         event = decoder.next(input, pending, max_message)) {
      events.push_back(told(event));
    }
    if (!input.empty()) {
      events.emplace_back("input is left");
    }
    if (decoder.idle() && !pending.empty()) {
      events.emplace_back("idle with bytes held");
    }
    if (pending.size() > max_message + max_control_payload || pending.size() > end) {
      events.emplace_back("more bytes held than allowed");
    }
  }
  return events;
}

std::vector<std::size_t> every_cut(std::string_view bytes) {
  std::vector<std::size_t> cuts;
  for (std::size_t at = 1; at < bytes.size(); ++at) {
    cuts.push_back(at);
  }
  return cuts;
}

}  // namespace flowcast::support
