#include "http/cross_origin.hpp"

#include <algorithm>
#include <utility>

namespace flowcast::http {

cross_origin::cross_origin(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

bool cross_origin::allows(std::string_view origin) const {
  return allowed_.empty() || origin.empty() || names(origin);
}

bool cross_origin::names(std::string_view origin) const {
  return std::find(allowed_.begin(), allowed_.end(), origin) != allowed_.end();
}

void cross_origin::append_headers(std::string& out, const request& in, bool credentials) const {
  if (allowed_.empty() && (in.origin.empty() || !credentials)) {
    out += "Access-Control-Allow-Origin: *\r\n";
    return;
  }
  if (!in.origin.empty() && allows(in.origin)) {
    out += "Access-Control-Allow-Origin: ";
    out += in.origin;  // the parser lets no line end through
    out += "\r\n";
    if (credentials) {
      out += "Access-Control-Allow-Credentials: true\r\n";
    }
  }
  out += "Vary: Origin\r\n";
}

void cross_origin::append_preflight(std::string& out, const request& in) {
  out +=
      "Access-Control-Allow-Methods: GET,HEAD,PUT,PATCH,POST,DELETE\r\n"
      "Vary: Access-Control-Request-Headers\r\n";
  if (!in.access_control_request_headers.empty()) {
    out += "Access-Control-Allow-Headers: ";
    out += in.access_control_request_headers;
    out += "\r\n";
  }
}

}  // namespace flowcast::http
