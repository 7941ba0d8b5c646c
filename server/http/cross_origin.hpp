#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/request.hpp"

namespace flowcast::http {

// Which web pages may read what the server answers (CORS), and may open a websocket.
class cross_origin {
 public:
  // Empty: every origin.
  explicit cross_origin(std::vector<std::string> allowed);

  // No origin: not a browser's request, and as such allowed.
  [[nodiscard]] bool allows(std::string_view origin) const;
  [[nodiscard]] bool allows_any() const { return allowed_.empty(); }
  // Whether it is one of those that were named, not one of any.
  [[nodiscard]] bool names(std::string_view origin) const;

  // The header lines of an answer. With `credentials` (Engine.IO: old browser clients send them)
  // the origin is named, as `*` would not do.
  void append_headers(std::string& out, const request& in, bool credentials) const;

  // The further lines of an answer to OPTIONS.
  static void append_preflight(std::string& out, const request& in);

 private:
  std::vector<std::string> allowed_;
};

}  // namespace flowcast::http
