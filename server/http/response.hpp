#pragma once

#include <string>
#include <string_view>

namespace flowcast::http {

inline constexpr std::string_view json_type = "application/json; charset=utf-8";
inline constexpr std::string_view html_type = "text/html; charset=utf-8";
inline constexpr std::string_view text_type = "text/plain; charset=utf-8";

struct response {
  unsigned status = 200;
  std::string_view content_type;  // a constant; empty: no body
  std::string body;
  std::string headers;       // more header lines, each ended by CRLF
  bool etag = false;         // of the body; answered with 304 where the client has it
  bool vary_accept = false;  // another Accept may get another body
  bool close = false;        // the connection ends with this
};

}  // namespace flowcast::http
