#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "http/http_options.hpp"
#include "http/request.hpp"

namespace flowcast::http {

// Reads HTTP/1 requests from bytes, one after the other (sans-IO, around Beast's parser).
//
// Rules
//  1. Requests are read one at a time: what follows a complete one is left to the caller until
//     next().
//  2. A head is at most max_header bytes, however it arrives; a body is at most the limit for its
//     path.
//  3. Where two servers could disagree on where a request ends, it is refused: both
//     Content-Length and Transfer-Encoding, several Content-Lengths, any transfer coding but
//     chunked (RFC 9112, 6.1 and 6.3). So is an HTTP/1.1 request without one Host (3.2).
//  4. After a failure no more can be read from the connection.
//  5. Publishers send the same head again and again: one that repeats the last one byte for byte,
//     with its whole body behind it, means the same, and is not parsed a second time.
class request_parser {
 public:
  enum class state : unsigned char { head, body, complete, failed };

  // Why a request cannot be read: the status and message to answer with, before the connection
  // ends.
  struct failure {
    unsigned status = 0;  // 400, 413, 431 or 501
    std::string_view message;
  };

  explicit request_parser(const http_options& options);
  ~request_parser();
  request_parser(const request_parser&) = delete;
  request_parser& operator=(const request_parser&) = delete;

  // Takes bytes from the front and says how many. Bytes not taken are to come again, with more
  // behind them, or, when the request is complete, after next().
  [[nodiscard]] std::size_t feed(std::string_view bytes);

  [[nodiscard]] state at() const { return state_; }
  [[nodiscard]] const failure& why() const { return failure_; }

  // Complete: the request. Body: its head.
  [[nodiscard]] request& made() { return request_; }
  [[nodiscard]] const request& made() const { return request_; }

  // Whether any byte of the request has come.
  [[nodiscard]] bool has_begun() const { return begun_; }

  // Begins the next request.
  void next();

 private:
  class machine;

  void fail(unsigned status, std::string_view message);
  // How much of `bytes` is a request with the known head; 0 if none is.
  [[nodiscard]] std::size_t take_repeated(std::string_view bytes);
  // `whole`: the request that was parsed, and that `request_` is.
  void remember(std::string_view whole);
  void start_over();

  const http_options& options_;
  request request_;
  std::unique_ptr<machine> machine_;
  // The head that `request_` has been made from, while that may be used again; else empty.
  std::string known_head_;
  std::size_t known_body_size_ = 0;
  std::size_t head_bytes_ = 0;
  bool begun_ = false;
  state state_ = state::head;
  failure failure_;
};

}  // namespace flowcast::http
