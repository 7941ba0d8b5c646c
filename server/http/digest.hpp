#pragma once

#include <string>
#include <string_view>

// What HTTP and WebSocket make of SHA-1: names, not secrets.
namespace flowcast::http {

// The weak ETag that Express gives a body: W/"<length in hexadecimal>-<27 characters of base64>".
void append_etag(std::string& out, std::string_view body);

// Sec-WebSocket-Accept for a Sec-WebSocket-Key (RFC 6455, 4.2.2).
[[nodiscard]] std::string websocket_accept(std::string_view key);

// True for the base64 of 16 bytes, as a Sec-WebSocket-Key must be.
[[nodiscard]] bool is_websocket_key(std::string_view key);

}  // namespace flowcast::http
