#include "realtime/end_reason.hpp"

#include "protocol/frame.hpp"

namespace flowcast::realtime {

std::string_view to_string(end_reason why) {
  switch (why) {
    case end_reason::client_left:
      return "client left";
    case end_reason::transport_closed:
      return "transport closed";
    case end_reason::transport_error:
      return "transport error";
    case end_reason::parse_error:
      return "parse error";
    case end_reason::too_large:
      return "message too large";
    case end_reason::ping_timeout:
      return "ping timeout";
    case end_reason::connect_timeout:
      return "connect timeout";
    case end_reason::too_slow:
      return "too slow";
    case end_reason::replaced:
      return "replaced by a newer connection";
    case end_reason::refused:
      return "refused";
    case end_reason::message_timeout:
      return "message did not arrive in time";
    case end_reason::too_many_packets:
      return "too many packets";
    case end_reason::not_authorized:
      return "token expired or revoked";
    case end_reason::rights_changed:
      return "what it may do has changed";
    case end_reason::server_closed:
      return "closed by the server";
    case end_reason::draining:
      return "server is restarting";
  }
  return "unknown";
}

std::uint16_t close_code(end_reason why) {
  switch (why) {
    case end_reason::transport_error:
      return protocol::close_code::protocol_error;
    case end_reason::parse_error:
      return protocol::close_code::invalid_data;
    case end_reason::too_large:
      return protocol::close_code::too_big;
    case end_reason::too_slow:
    case end_reason::rights_changed:
      return protocol::close_code::try_again_later;
    case end_reason::draining:
      return protocol::close_code::service_restart;
    case end_reason::replaced:
    case end_reason::refused:
    case end_reason::message_timeout:
    case end_reason::too_many_packets:
    case end_reason::not_authorized:
      return protocol::close_code::policy_violation;
    case end_reason::client_left:
    case end_reason::transport_closed:
    case end_reason::ping_timeout:
    case end_reason::connect_timeout:
    case end_reason::server_closed:
      return protocol::close_code::none_given;
  }
  return protocol::close_code::none_given;
}

}  // namespace flowcast::realtime
