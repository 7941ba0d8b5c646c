#include "realtime/postponed_events.hpp"

#include "protocol/json_scanner.hpp"

namespace flowcast::realtime {

bool postponed_events::add(const socket_event& event) {
  std::size_t bytes = sizeof(kept) + event.arguments.text().size();
  for (const std::string& attachment : event.attachments)
    bytes += attachment.size();
  if (bytes > most_bytes_ - bytes_)
    return false;
  bytes_ += bytes;
  kept_.push_back({std::string(event.arguments.text()),
                   event.ack_id,
                   {event.attachments.begin(), event.attachments.end()}});
  return true;
}

socket_event postponed_events::read(const kept& from) {
  // It was well formed, and no deeper than allowed, when it came.
  return {protocol::scan_json(from.arguments, protocol::highest_json_depth).value, from.ack_id,
          from.attachments};
}

}  // namespace flowcast::realtime
