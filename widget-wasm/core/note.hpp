#pragma once

#include <cstdint>

namespace flowcast::core {

// What the core does, for someone who debugs a page. host/words.js holds the words, in this order.
enum class note : std::uint8_t {
  connecting,
  connected,     // how: "recovered", "missed events", "plain Feathers server", …
  disconnected,  // why
  waiting,       // until the next attempt, in ms
  subscribing,   // the packet
  acknowledged,
  received,  // the packet
  matched,   // the key
  ran,       // the key
  finished,
};

}  // namespace flowcast::core
