#include "protocol/engine_packet.hpp"

#include "protocol/base64.hpp"

namespace flowcast::protocol {

namespace {

constexpr char binary_message = '\4';

}  // namespace

std::optional<engine_packet> decode_engine_packet(std::string_view text, engine_revision revision,
                                                  std::string& buffer) {
  const std::string_view prefix = revision == engine_revision::three ? "b4" : "b";
  if (!text.starts_with(prefix)) {
    return decode_engine_text(text);
  }
  buffer.clear();
  if (!append_from_base64(buffer, text.substr(prefix.size()))) {
    return {};
  }
  return engine_packet{.type = engine_packet_type::message, .binary = true, .data = buffer};
}

std::optional<engine_packet> decode_engine_binary(std::string_view bytes,
                                                  engine_revision revision) {
  if (revision == engine_revision::three) {
    if (!bytes.starts_with(binary_message)) {
      return {};
    }
    bytes.remove_prefix(1);
  }
  return engine_packet{.type = engine_packet_type::message, .binary = true, .data = bytes};
}

void append_engine_binary(std::string& out, engine_revision revision, std::string_view data) {
  if (revision == engine_revision::three) {
    out += binary_message;
  }
  out += data;
}

}  // namespace flowcast::protocol
