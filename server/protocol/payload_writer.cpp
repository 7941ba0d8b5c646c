#include "protocol/base64.hpp"
#include "protocol/decimal.hpp"
#include "protocol/polling_payload.hpp"
#include "protocol/utf8.hpp"

namespace flowcast::protocol {

namespace {

constexpr char separator = '\x1e';
constexpr char end_of_length = '\xff';

void append_frame_head(std::string& payload, bool binary, std::size_t size) {
  payload += binary ? '\1' : '\0';
  const std::size_t digits = payload.size();
  append_decimal(payload, size);
  for (std::size_t at = digits; at < payload.size(); ++at) {
    payload[at] = static_cast<char>(payload[at] - '0');
  }
  payload += end_of_length;
}

void separate(std::string& payload) {
  if (!payload.empty()) {
    payload += separator;
  }
}

}  // namespace

void append_text_packet(std::string& payload, payload_form form, std::string_view packet) {
  switch (form) {
    case payload_form::separated:
      separate(payload);
      break;
    case payload_form::counted:
      append_decimal(payload, utf16_length(packet));
      payload += ':';
      break;
    case payload_form::framed:
      append_frame_head(payload, false, packet.size());
      break;
  }
  payload += packet;
}

void append_binary_message(std::string& payload, payload_form form, std::string_view data) {
  switch (form) {
    case payload_form::separated:
      separate(payload);
      payload += 'b';
      append_base64(payload, data);
      break;
    case payload_form::counted:
      append_decimal(payload, 2 + (data.size() + 2) / 3 * 4);
      payload += ":b4";
      append_base64(payload, data);
      break;
    case payload_form::framed:
      append_frame_head(payload, true, data.size() + 1);
      append_engine_binary(payload, engine_revision::three, data);
      break;
  }
}

}  // namespace flowcast::protocol
