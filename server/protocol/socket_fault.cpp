#include "protocol/socket_packet.hpp"

namespace flowcast::protocol {

std::string_view describe(socket_fault fault) {
  switch (fault) {
    case socket_fault::none:
      break;
    case socket_fault::unknown_type:
      return "unknown packet type";
    case socket_fault::bad_attachments:
      return "malformed number of attachments";
    case socket_fault::too_many_attachments:
      return "too many attachments";
    case socket_fault::bad_namespace:
      return "the namespace is too long or not UTF-8";
    case socket_fault::bad_ack_id:
      return "the ack id has too many digits";
    case socket_fault::bad_json:
      return "the payload is not JSON";
    case socket_fault::bad_payload:
      return "the payload does not suit the packet's type";
    case socket_fault::reserved_event:
      return "the event's name is reserved";
  }
  return "well formed";
}

}  // namespace flowcast::protocol
