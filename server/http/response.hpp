#pragma once

#include <string>

#include "realtime/constant_text.hpp"

namespace flowcast::http {

inline constexpr realtime::constant_text json_type = "application/json; charset=utf-8";
inline constexpr realtime::constant_text html_type = "text/html; charset=utf-8";
inline constexpr realtime::constant_text text_type = "text/plain; charset=utf-8";

struct response {
  unsigned status = 200;
  realtime::constant_text content_type;  // empty: no body
  std::string body;
  std::string headers;       // more header lines, each ended by CRLF
  bool etag = false;         // of the body; answered with 304 where the client has it
  bool vary_accept = false;  // another Accept may get another body
  bool close = false;        // the connection ends with this
};

}  // namespace flowcast::http
