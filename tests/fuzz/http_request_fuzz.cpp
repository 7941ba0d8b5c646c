// HTTP requests, however their bytes are cut, and the query of those that go to Engine.IO. What is
// read must be the same; a fault may be seen later in small pieces, but not be another.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/property.hpp"
#include "http/request_parser.hpp"
#include "realtime/engine_query.hpp"

namespace flowcast::http {
namespace {

using fuzz::require;

http_options small_limits() {
  http_options options;
  options.max_header = 300;
  options.max_body = 100;
  options.max_poll_body = 200;
  return options;
}

std::string told(const request& made) {
  std::string all;
  for (const std::string_view part :
       {std::string_view(made.method), std::string_view(made.target), made.path(), made.query(),
        std::string_view(made.host), std::string_view(made.content_type),
        std::string_view(made.body)}) {
    all.append(part).append("|");
  }
  return all + (made.keep_alive ? "kept" : "closed");
}

void check_engine_query(std::string_view text) {
  const auto query = realtime::engine_query::parse(text);
  require(!query.jsonp || query.jsonp->find_first_not_of("0123456789") == std::string::npos,
          "no script gets in by the callback's index");
}

struct outcome {
  std::vector<std::string> requests;
  unsigned failure = 0;  // the status; 0: none so far
};

// What comes of `bytes` in pieces of `stride`.
outcome read(std::string_view bytes, std::size_t stride) {
  const http_options options = small_limits();
  request_parser parser(options);
  outcome seen;
  std::string waiting;
  while (true) {
    std::size_t taken = 1;
    while (taken > 0) {
      taken = parser.feed(waiting);
      require(taken <= waiting.size(), "no more is taken than there is");
      waiting.erase(0, taken);
      if (parser.at() == request_parser::state::failed) {
        seen.failure = parser.why().status;
        return seen;
      }
      if (parser.at() == request_parser::state::complete) {
        require(parser.made().body.size() <= options.max_poll_body, "bodies are limited");
        seen.requests.push_back(told(parser.made()));
        check_engine_query(parser.made().query());
        parser.next();
        taken = 1;
      }
    }
    if (bytes.empty()) {
      return seen;
    }
    const std::string_view piece = bytes.substr(0, stride);
    bytes.remove_prefix(piece.size());
    waiting += piece;
  }
}

// Where exactly a head is too large depends on how it arrives.
bool too_large(const outcome& seen) {
  return seen.failure == 413 || seen.failure == 431;
}

void check_input(std::string_view input) {
  check_engine_query(input);
  const outcome whole = read(input, input.size() + 1);
  for (const std::size_t stride : {1U, 17U}) {
    const outcome pieces = read(input, stride);
    if (too_large(whole) || too_large(pieces)) {
      continue;
    }
    require(pieces.requests == whole.requests, "the same requests however they are cut");
    require(pieces.failure == whole.failure || pieces.failure == 0 || whole.failure == 0,
            "the same fault however it is cut");
  }
}

}  // namespace
}  // namespace flowcast::http

void flowcast::fuzz::try_input(std::string_view input) {
  http::check_input(input);
}
