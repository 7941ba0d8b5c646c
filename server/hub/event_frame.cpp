#include "hub/event_frame.hpp"

#include <cassert>
#include <cstddef>

#include "protocol/frame_encoder.hpp"

namespace flowcast::hub {

namespace {

constexpr std::size_t longest_in_7_bits = 125;

std::size_t packet_size(std::string_view service, const records::event& event,
                        std::string_view offset) {
  constexpr std::size_t fixed = std::string_view(R"(2[" ",])").size();
  return fixed + service.size() + records::to_string(event.type).size() + event.record.json.size() +
         (offset.empty() ? 0 : offset.size() + std::string_view(R"(,"")").size());
}

}  // namespace

void append_event_packet(std::string& out, std::string_view service, const records::event& event,
                         std::string_view offset) {
  out.append(R"(2[")").append(service).push_back(' ');
  out.append(records::to_string(event.type)).append(R"(",)").append(event.record.json);
  if (!offset.empty())
    out.append(R"(,")").append(offset).push_back('"');
  out.push_back(']');
}

void append_event_frame(std::string& out, std::string_view service, const records::event& event,
                        std::string_view offset) {
  const std::size_t length = packet_size(service, event, offset) + 1;
  out.append(protocol::frame_header(protocol::opcode::text, length).bytes());
  [[maybe_unused]] const std::size_t begin = out.size();
  out.push_back('4');
  append_event_packet(out, service, event, offset);
  assert(out.size() - begin == length);
}

std::string_view frame_reader::next() {
  if (rest_.empty())
    return {};
  const auto byte = [this](std::size_t at) { return static_cast<unsigned char>(rest_[at]); };
  std::size_t header = 2;
  std::size_t length = byte(1);
  if (length > longest_in_7_bits) {
    header += length == 126 ? 2 : 8;
    length = 0;
    for (std::size_t at = 2; at < header; ++at)
      length = length << 8 | byte(at);
  }
  assert(rest_.size() >= header + length);
  const std::string_view payload = rest_.substr(header, length);
  rest_.remove_prefix(header + length);
  return payload;
}

std::size_t frame_reader::skip() {
  next();
  return all_ - rest_.size();
}

}  // namespace flowcast::hub
