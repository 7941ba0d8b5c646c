#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "realtime/constant_text.hpp"
#include "realtime/stream.hpp"

namespace flowcast::realtime {

// Whether who comes may look at the server: not by this listener, with the right to observe, or
// without being asked (auth::refuse_observer, rule 1).
enum class observing : std::uint8_t { nowhere, by_right, allowed };

// An HTTP request to the Engine.IO path, as the HTTP door hands it over.
struct engine_request {
  std::string method;  // "GET", "POST", "OPTIONS", …
  std::string path;
  std::string query;          // raw, without '?'
  std::string body;           // POST
  bool binary_body = false;   // Content-Type: application/octet-stream (Engine.IO 3)
  std::string origin;         // header, may be empty
  std::string authorization;  // header, may be empty
  std::string address;        // of the client, for logs and limits
  bool upgrade = false;       // asks for a websocket
  observing may_look = observing::nowhere;
  // Of a session that it opens by polling: held for as long as that polls.
  std::unique_ptr<lease> place = {};
};

struct engine_response {
  unsigned status = 200;
  constant_text content_type = "text/plain; charset=UTF-8";
  std::string body;
};

// Called exactly once, on the thread that made the request.
using respond = std::function<void(engine_response)>;

// A polling request in progress. The HTTP door destroys it when the client's connection ends before
// the answer: an aborted poll closes its session (Engine.IO).
class pending_poll {
 public:
  pending_poll() = default;
  pending_poll(const pending_poll&) = delete;
  pending_poll& operator=(const pending_poll&) = delete;
  virtual ~pending_poll() = default;
};

// One shard's door to Engine.IO. Its calls are made on the shard's thread; sessions that live on
// another shard are reached from here.
class endpoint {
 public:
  endpoint() = default;
  endpoint(const endpoint&) = delete;
  endpoint& operator=(const endpoint&) = delete;
  virtual ~endpoint() = default;

  // A polling GET or POST (also JSONP), or any other request to the path: every Engine.IO error is
  // answered here.
  virtual std::unique_ptr<pending_poll> serve(engine_request request, respond done) = 0;

  // Whether a websocket may be opened; the answer to give instead where not. Call before the
  // handshake.
  virtual std::optional<engine_response> refuse_websocket(const engine_request& request) = 0;

  // Takes over a connection after its websocket handshake (101 written). `received`: bytes that
  // came after the request.
  virtual void adopt_websocket(stream socket, engine_request request, std::string received) = 0;
};

}  // namespace flowcast::realtime
