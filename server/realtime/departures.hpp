#pragma once

#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "realtime/deadline_list.hpp"
#include "realtime/transport.hpp"

namespace flowcast::realtime {

class websocket_transport;

// A shard's websockets on their way out: those that failed while something was sent, whose users
// are told from the loop instead of from within the sending; and those that have ended, until the
// client has closed its side as well.
class departures {
 public:
  explicit departures(boost::asio::io_context& context) : context_(&context) {}

  void tell_later(websocket_transport& failed);
  void forget(websocket_transport& gone);

  // Keeps an ended transport until it has finished, or for a moment at most.
  void keep(std::unique_ptr<websocket_transport> ended, clock::time_point now);
  // Of all that have ended, at once: what still waits for them is forgotten.
  void let_go() { kept_.clear(); }
  // To be called every second or so while there are any.
  void sweep(clock::time_point now);
  [[nodiscard]] bool empty() const { return kept_.empty(); }

 private:
  struct leaving {
    std::unique_ptr<websocket_transport> who;
    clock::time_point until;
  };

  void tell();

  boost::asio::io_context* context_;
  std::vector<websocket_transport*> failed_;
  std::vector<leaving> kept_;
};

}  // namespace flowcast::realtime
