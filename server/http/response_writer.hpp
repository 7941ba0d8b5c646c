#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "http/request.hpp"
#include "http/response.hpp"

namespace flowcast::http {

// Writes responses as HTTP/1.1 bytes. One a shard: it keeps the current Date.
class response_writer {
 public:
  // Appends the response to `to`, where it is an answer to `in`: without a body for HEAD, as 304
  // where `in` has it, with `cross_origin` (header lines) where that is not empty. `ends`: the
  // connection is to end in any case. Returns false if it ends.
  bool append(std::string& out, const request& in, const response& made,
              std::string_view cross_origin, bool ends = false);

 private:
  void append_date(std::string& out);

  std::time_t date_of_ = 0;
  std::string date_;
  std::string etag_;  // scratch
};

// True if the client already has what `etag` names (If-None-Match; Cache-Control: no-cache asks for
// it all the same).
[[nodiscard]] bool client_has(const request& in, std::string_view etag);

}  // namespace flowcast::http
