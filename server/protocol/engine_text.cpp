#include "protocol/engine_packet.hpp"

namespace flowcast::protocol {

std::optional<engine_packet> decode_engine_text(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '6') {
    return {};
  }
  return engine_packet{.type = static_cast<engine_packet_type>(text.front() - '0'),
                       .data = text.substr(1)};
}

void append_engine_text(std::string& out, engine_packet_type type, std::string_view data) {
  out += engine_digit(type);
  out += data;
}

}  // namespace flowcast::protocol
