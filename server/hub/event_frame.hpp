#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "records/event.hpp"

namespace flowcast::hub {

// Appends an event as a Socket.IO packet of the default namespace, `2["microflow created",{…}]`, as
// Feathers' clients expect it; with an offset, that is its last argument (connection state
// recovery, Socket.IO protocol 5).
void append_event_packet(std::string& out, std::string_view service, const records::event& event,
                         std::string_view offset);

// The same as an Engine.IO message in a ready websocket text frame (RFC 6455, 5.2): what is sent as
// it stands to every listener of its framing.
void append_event_frame(std::string& out, std::string_view service, const records::event& event,
                        std::string_view offset);

// Walks the payloads of whole frames as append_event_frame makes them, for transports that frame
// otherwise.
class frame_reader {
 public:
  explicit frame_reader(std::string_view frames) : all_(frames.size()), rest_(frames) {}
  // The next payload (an Engine.IO packet); empty at the end.
  std::string_view next();
  // Passes the next frame over; gives how many bytes have been passed in all.
  std::size_t skip();

 private:
  std::size_t all_;
  std::string_view rest_;
};

}  // namespace flowcast::hub
