#include "realtime/socket_session.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "protocol/frame_encoder.hpp"

namespace flowcast::realtime {

using protocol::engine_revision;
using protocol::socket_packet;
using protocol::socket_packet_type;

namespace {

constexpr std::ptrdiff_t most_namespaces = 32;

}  // namespace

socket_connection::socket_connection(socket_session& session, std::string_view name_space)
    : session_(&session) {
  if (name_space != main_name_space)
    name_space_ = std::make_unique<const std::string>(name_space);
}

engine_session& socket_connection::engine() {
  return session_->engine();
}

void socket_connection::accept(std::string_view reply, std::string ahead) {
  connected_ = true;
  engine().connected();
  const bool five = engine().revision() == engine_revision::four;
  const std::string packet = packet_of(socket_packet_type::connect, five ? reply : "", {}, 0);
  if (ahead.empty()) {
    engine().send_text(packet);
  } else {
    protocol::append_frame(ahead, protocol::opcode::text, packet);
    engine().write_all(ahead);
  }
}

void socket_connection::refuse(std::string_view error) {
  send(socket_packet_type::connect_error, error, {}, {});
}

void socket_connection::emit(std::string_view arguments, std::optional<std::uint64_t> ack_id) {
  send(socket_packet_type::event, arguments, ack_id, {});
}

void socket_connection::emit_binary(std::string_view arguments,
                                    std::span<const std::string> attachments,
                                    std::optional<std::uint64_t> ack_id) {
  send(attachments.empty() ? socket_packet_type::event : socket_packet_type::binary_event,
       arguments, ack_id, attachments);
}

void socket_connection::acknowledge(std::uint64_t ack_id, std::string_view arguments) {
  send(socket_packet_type::ack, arguments, ack_id, {});
}

void socket_connection::acknowledge_binary(std::uint64_t ack_id, std::string_view arguments,
                                           std::span<const std::string> attachments) {
  send(attachments.empty() ? socket_packet_type::ack : socket_packet_type::binary_ack, arguments,
       ack_id, attachments);
}

void socket_connection::disconnect() {
  send(socket_packet_type::disconnect, {}, {}, {});
  connected_ = false;
}

std::string socket_connection::packet_of(socket_packet_type type, std::string_view payload,
                                         std::optional<std::uint64_t> ack_id,
                                         std::size_t attachments) const {
  protocol::socket_head head;
  head.type = type;
  head.name_space = name_space();
  head.ack_id = ack_id;
  head.attachments = static_cast<std::uint32_t>(attachments);
  std::string packet = "4";
  const bool list = type == socket_packet_type::event || type == socket_packet_type::ack ||
                    type == socket_packet_type::binary_event ||
                    type == socket_packet_type::binary_ack;
  if (list) {
    protocol::append_socket_packet(packet, head, "[");
    packet.append(payload).push_back(']');
  } else {
    protocol::append_socket_packet(packet, head, payload);
  }
  return packet;
}

void socket_connection::send(socket_packet_type type, std::string_view payload,
                             std::optional<std::uint64_t> ack_id,
                             std::span<const std::string> attachments) {
  engine().send_text(packet_of(type, payload, ack_id, attachments.size()));
  for (const std::string& attachment : attachments)
    engine().send_binary(attachment);
}

socket_session::socket_session(engine_session& engine, const make_application& applications,
                               std::string address, const std::string& authorization,
                               observing may_look)
    : engine_(&engine),
      applications_(&applications),
      address_(std::move(address)),
      may_look_(may_look) {
  if (!authorization.empty())
    authorization_ = std::make_unique<const std::string>(authorization);
}

socket_session::~socket_session() = default;

void socket_session::on_open() {
  if (engine_->revision() == engine_revision::three)
    connect("/", {});
}

socket_connection* socket_session::find(std::string_view name_space) {
  const auto at = std::find_if(connections_.begin(), connections_.end(),
                               [&](const auto& each) { return each.name_space() == name_space; });
  return at == connections_.end() ? nullptr : &*at;
}

void socket_session::connect(std::string_view name_space, protocol::json_value auth) {
  if (find(name_space) != nullptr) {
    // Asked twice. Clients of revision 3 are connected unasked, and may not know that they are.
    if (engine_->revision() == engine_revision::four)
      engine_->end_when_drained(end_reason::parse_error);
    return;
  }
  std::forward_list<socket_connection> made;
  socket_connection& connection = made.emplace_front(*this, name_space);
  if (std::distance(connections_.begin(), connections_.end()) < most_namespaces)
    connection.application_ = (*applications_)(connection);
  if (!connection.application_) {
    const bool five = engine_->revision() == engine_revision::four;
    connection.refuse(five ? R"({"message":"Invalid namespace"})" : R"("Invalid namespace")");
    return;
  }
  connections_.splice_after(connections_.before_begin(), made);
  connection.application_->on_connect(auth);
}

void socket_session::on_text(std::string_view message) {
  const protocol::decoded_socket_packet decoded = protocol::decode_socket_packet(message);
  if (!decoded || incomplete_) {
    engine_->end_when_drained(end_reason::parse_error);
    return;
  }
  if (decoded.packet.attachments > 0) {
    incomplete_ = std::make_unique<incomplete>(*engine_, message, decoded.packet.attachments);
    engine_->expect_rest(incomplete_->until);
    return;
  }
  dispatch(decoded.packet, {});
}

void socket_session::on_binary(std::string_view message) {
  if (!incomplete_) {
    engine_->end_when_drained(end_reason::parse_error);
    return;
  }
  incomplete_->bytes += message.size();
  if (incomplete_->bytes > engine_->max_payload()) {
    engine_->end(end_reason::too_large);
    return;
  }
  incomplete_->attachments.emplace_back(message);
  if (incomplete_->attachments.size() < incomplete_->expected)
    return;
  const std::unique_ptr<incomplete> whole = std::move(incomplete_);
  dispatch(protocol::decode_socket_packet(whole->packet).packet, whole->attachments);
}

void socket_session::dispatch(const socket_packet& packet,
                              std::span<const std::string> attachments) {
  const std::string_view name_space = protocol::namespace_path(packet.name_space);
  if (packet.type == socket_packet_type::connect) {
    connect(name_space, packet.payload);
    return;
  }
  socket_connection* const connection = find(name_space);
  if (connection == nullptr || !connection->connected_) {
    engine_->end_when_drained(end_reason::parse_error);
    return;
  }
  const socket_event event{packet.payload, packet.ack_id, attachments};
  switch (packet.type) {
    case socket_packet_type::event:
    case socket_packet_type::binary_event:
      connection->application_->on_event(event);
      break;
    case socket_packet_type::ack:
    case socket_packet_type::binary_ack:
      if (packet.ack_id)
        connection->application_->on_ack(*packet.ack_id, event);
      break;
    case socket_packet_type::disconnect:
      leave(*connection);
      break;
    case socket_packet_type::connect:
    case socket_packet_type::connect_error:
      engine_->end_when_drained(end_reason::parse_error);
      break;
  }
}

void socket_session::leave(socket_connection& connection) {
  auto before = connections_.before_begin();
  while (&*std::next(before) != &connection)
    ++before;
  std::forward_list<socket_connection> gone;
  gone.splice_after(gone.before_begin(), connections_, before);
  connection.application_->on_disconnect(end_reason::client_left);
}

void socket_session::on_writable() {
  for (auto each = connections_.begin(); each != connections_.end() && !engine_->ended(); ++each)
    each->application_->on_writable();
}

void socket_session::on_connect_timeout() {
  const bool connected = std::any_of(connections_.begin(), connections_.end(),
                                     [](const auto& each) { return each.connected_; });
  if (!connected)
    engine_->end(end_reason::connect_timeout);
}

void socket_session::on_end(end_reason why) {
  incomplete_.reset();
  // They are kept: this may be called from within one of them.
  for (const auto& each : connections_)
    each.application_->on_disconnect(why);
}

}  // namespace flowcast::realtime
