#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace flowcast::http {

enum class verb : std::uint8_t { get, head, post, put, patch, remove, options, other };

// An HTTP request, with the headers that mean something to the server: the others are not kept. Its
// strings keep their memory from one request of a connection to the next.
struct request {
  http::verb verb = http::verb::other;
  std::string method;  // as it came: "GET"
  std::string target;  // as it came: "/microflow?text=a"
  bool keep_alive = true;
  bool http_1_0 = false;
  bool upgrade = false;           // asks for another protocol
  bool expects_continue = false;  // waits for "100 Continue" before it sends the body

  std::string accept;
  std::string access_control_request_headers;
  std::string authorization;
  std::string cache_control;
  std::string content_encoding;
  std::string content_type;
  std::string deliver_after;
  std::string forwarded_for;
  std::string host;
  std::string idempotency_key;
  std::string if_none_match;
  std::string origin;
  std::string service_method;
  std::string upgrade_to;
  std::string websocket_key;
  std::string websocket_protocol;
  std::string websocket_version;

  std::string body;

  // Of the target, still percent-encoded. An absolute target ("http://host/path") is taken for its
  // path.
  [[nodiscard]] std::string_view path() const;
  [[nodiscard]] std::string_view query() const;  // without the '?'

  void clear();
  void clear_body();
};

}  // namespace flowcast::http
