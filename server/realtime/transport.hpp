#pragma once

#include <cstddef>
#include <string_view>

#include "realtime/end_reason.hpp"
#include "realtime/engine_query.hpp"

namespace flowcast::realtime {

// How the packets of one Engine.IO session get to its client. Owned by its session. No call blocks,
// and none calls the session back: what goes wrong while sending is told to the session later, from
// the shard's loop.
class transport {
 public:
  transport() = default;
  transport(const transport&) = delete;
  transport& operator=(const transport&) = delete;
  virtual ~transport() = default;

  [[nodiscard]] virtual transport_kind kind() const = 0;

  // A packet as text, its type's digit first: queued where it cannot leave at once.
  virtual void send_text(std::string_view packet) = 0;
  // The data of a binary message.
  virtual void send_binary(std::string_view data) = 0;

  // Ready websocket frames of text packets: see hub::frame_sink.
  virtual std::size_t write_some(std::string_view frames) = 0;
  virtual void write_all(std::string_view frames) = 0;

  // Nothing waits to leave.
  [[nodiscard]] virtual bool drained() const = 0;

  // Bytes that do.
  [[nodiscard]] virtual std::size_t waiting() const = 0;

  // Says goodbye and lets go of the connection in its own time. The last call.
  virtual void end(end_reason why) = 0;
};

}  // namespace flowcast::realtime
