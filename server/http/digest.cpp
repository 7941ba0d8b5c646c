#include "http/digest.hpp"

#include <array>
#include <charconv>
#include <cstddef>

#include "auth/hash.hpp"
#include "protocol/base64.hpp"

namespace flowcast::http {

namespace {

void append_sha1(std::string& out, std::string_view bytes) {
  const auto digest = auth::sha1(bytes);
  protocol::append_base64(out, {reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace

void append_etag(std::string& out, std::string_view body) {
  constexpr std::size_t characters = 27;  // Express leaves the padding out
  std::array<char, 16> length = {};
  const auto end = std::to_chars(length.data(), length.data() + length.size(), body.size(), 16).ptr;
  out += "W/\"";
  out.append(length.data(), end);
  out += '-';
  const std::size_t digest = out.size();
  append_sha1(out, body);
  out.resize(digest + characters);
  out += '"';
}

std::string websocket_accept(std::string_view key) {
  std::string text(key);
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::string accept;
  append_sha1(accept, text);
  return accept;
}

bool is_websocket_key(std::string_view key) {
  std::string bytes;
  return key.size() == 24 && protocol::append_from_base64(bytes, key) && bytes.size() == 16;
}

}  // namespace flowcast::http
