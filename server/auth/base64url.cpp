#include "auth/base64url.hpp"

#include <algorithm>

#include "protocol/base64.hpp"

namespace flowcast::auth {

std::optional<std::string> from_base64url(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos) {
    return std::nullopt;
  }
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), '-', '+');
  std::replace(plain.begin(), plain.end(), '_', '/');
  std::string bytes;
  if (!protocol::append_from_base64(bytes, plain)) {
    return std::nullopt;
  }
  return bytes;
}

std::string to_base64url(std::string_view bytes) {
  std::string text;
  protocol::append_base64(text, bytes);
  text.erase(std::min(text.find('='), text.size()));
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

}  // namespace flowcast::auth
