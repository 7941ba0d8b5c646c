#pragma once

#include <cstdint>

namespace flowcast::core {

// What the core does, for someone who debugs a page. host/words.js holds the words, in this order.
enum class note : std::uint8_t {
  connecting,
  connected,     // "recovered", where it is
  disconnected,  // what the server or the browser said
  subscribing,   // the packet
  acknowledged,  // the answer
  received,      // the packet
  matched,       // the key
  ran,           // the key
  finished,      // the key, of an action that is per key
  claiming,      // the packet
};

}  // namespace flowcast::core
