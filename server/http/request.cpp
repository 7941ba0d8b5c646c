#include "http/request.hpp"

namespace flowcast::http {

std::string_view request::path() const {
  std::string_view text = target;
  if (!text.starts_with('/')) {
    const std::size_t scheme = text.find("://");
    if (scheme != std::string_view::npos) {
      const std::size_t slash = text.find('/', scheme + 3);
      text = slash == std::string_view::npos ? std::string_view("/") : text.substr(slash);
    }
  }
  return text.substr(0, text.find('?'));
}

std::string_view request::query() const {
  const std::string_view text = target;
  const std::size_t mark = text.find('?');
  return mark == std::string_view::npos ? std::string_view() : text.substr(mark + 1);
}

namespace {

// What was large gives its memory back.
void clear(std::string& text) {
  constexpr std::size_t kept = 4096;
  if (text.capacity() > kept) {
    text = std::string();
  } else {
    text.clear();
  }
}

}  // namespace

void request::clear_body() {
  http::clear(body);
}

void request::clear() {
  verb = http::verb::other;
  keep_alive = true;
  http_1_0 = upgrade = expects_continue = false;
  for (std::string* text : {&method,
                            &target,
                            &accept,
                            &access_control_request_headers,
                            &authorization,
                            &cache_control,
                            &content_encoding,
                            &content_type,
                            &deliver_after,
                            &forwarded_for,
                            &host,
                            &idempotency_key,
                            &if_none_match,
                            &origin,
                            &service_method,
                            &upgrade_to,
                            &websocket_key,
                            &websocket_protocol,
                            &websocket_version,
                            &body}) {
    http::clear(*text);
  }
}

}  // namespace flowcast::http
