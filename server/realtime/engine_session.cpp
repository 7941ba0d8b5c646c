#include "realtime/engine_session.hpp"

#include <string>
#include <utility>

namespace flowcast::realtime {

using protocol::engine_packet;
using protocol::engine_packet_type;
using protocol::engine_revision;

engine_session::engine_session(engine_host& host, session_id id, session_handle handle,
                               engine_revision revision)
    : host_(&host), revision_(revision), heartbeat_(*this), id_(id), handle_(handle) {}

engine_session::~engine_session() = default;

void engine_session::open_polling(std::unique_ptr<polling_transport> transport,
                                  std::unique_ptr<engine_user> user) {
  transport_ = std::move(transport);
  begin(std::move(user));
}

bool engine_session::open_websocket(websocket_context& with, const engine_query& query,
                                    stream socket, std::string_view received,
                                    std::unique_ptr<engine_user> user) {
  auto made = std::make_unique<websocket_transport>(
      with, std::move(socket), revision_, query.base64, static_cast<websocket_user&>(*this));
  websocket_transport& started = *made;
  transport_ = std::move(made);
  if (!started.start())
    return false;
  begin(std::move(user));
  std::string bytes(received);
  if (!bytes.empty())
    started.take(bytes);
  return true;
}

void engine_session::begin(std::unique_ptr<engine_user> user) {
  user_ = std::move(user);
  state_ = state::open;
  send_text(host_->open_packet(*this));
  if (revision_ == engine_revision::four) {
    host_->arm(engine_host::patience::interval, heartbeat_);
    unconnected_ = std::make_unique<deadline>(*this);
    host_->arm(engine_host::patience::connect, *unconnected_);
  } else {
    host_->arm(engine_host::patience::heartbeat, heartbeat_);
  }
  user_->on_open();
}

polling_transport* engine_session::polling() {
  if (!transport_ || transport_->kind() != transport_kind::polling)
    return nullptr;
  return static_cast<polling_transport*>(transport_.get());
}

void engine_session::on_poll(const engine_query& query, respond done) {
  polling_transport& by = *polling();
  if (by.polled()) {
    // Two polls at once: neither can be trusted to be the one whose answer is read.
    done({400, "application/json", to_json(engine_error::bad_request)});
    end(end_reason::transport_error);
    return;
  }
  by.poll(query, std::move(done));
  if (probe_ && probe_->answered)
    by.release();
  if (by.drained())
    on_drained();
}

void engine_session::on_post(const engine_query& query, std::string_view body, bool binary,
                             const respond& done) {
  if (binary && revision_ == engine_revision::four) {
    // Its payloads are text: what this is nobody can say.
    done({400, "application/json", to_json(engine_error::bad_request)});
    end(end_reason::transport_error);
    return;
  }
  done({200, "text/html", "ok"});
  polling_transport::each_packet(query, revision_, body, binary,
                                 [this](const engine_packet* packet) {
                                   if (packet == nullptr) {
                                     end(end_reason::parse_error);
                                   } else if (count_packet()) {
                                     on_packet(*packet);
                                   }
                                   return state_ == state::open;
                                 });
}

void engine_session::on_poll_aborted() {
  if (state_ != state::open || !polling())
    return;
  end(end_reason::transport_closed);
}

void engine_session::on_probe(websocket_context& with, const engine_query& query, stream socket,
                              std::string_view received) {
  probe_ = std::make_unique<probing>(
      *this, std::make_unique<websocket_transport>(with, std::move(socket), revision_, query.base64,
                                                   static_cast<websocket_user&>(*this)));
  if (!probe_->by->start()) {
    drop_probe(end_reason::transport_closed);
    return;
  }
  host_->arm(engine_host::patience::upgrade, probe_->until);
  std::string bytes(received);
  if (!bytes.empty())
    probe_->by->take(bytes);
}

void engine_session::drop_probe(end_reason why) {
  std::unique_ptr<websocket_transport> by = std::move(probe_->by);
  probe_.reset();
  by->end(why);
  host_->see_off(std::move(by));
}

void engine_session::on_websocket_message(websocket_transport& from, std::string_view message,
                                          bool binary) {
  unfinished_.reset();
  if (!count_packet())
    return;
  std::string buffer;
  const auto packet = binary ? protocol::decode_engine_binary(message, revision_)
                             : protocol::decode_engine_packet(message, revision_, buffer);
  if (probe_ && &from == probe_->by.get()) {
    if (packet) {
      on_probe_packet(*packet);
    } else {
      drop_probe(end_reason::parse_error);
    }
  } else if (packet) {
    on_packet(*packet);
  } else {
    end(end_reason::parse_error);
  }
}

bool engine_session::count_packet() {
  if (host_->admits_packet(packets_))
    return true;
  end(end_reason::too_many_packets);
  return false;
}

void engine_session::on_websocket_part(websocket_transport& from) {
  if (&from != transport_.get())
    return;  // a probe has its own time
  unfinished_ = std::make_unique<deadline>(*this);
  expect_rest(*unfinished_);
}

void engine_session::on_websocket_ping(websocket_transport& /*from*/) {
  (void)count_packet();
}

void engine_session::on_probe_packet(const engine_packet& packet) {
  if (packet.type == engine_packet_type::ping && packet.data == "probe") {
    probe_->by->send_text("3probe");
    probe_->answered = true;
    polling()->release();
  } else if (packet.type == engine_packet_type::upgrade && probe_->answered) {
    move_to_probe();
  } else {
    drop_probe(end_reason::transport_error);
  }
}

void engine_session::move_to_probe() {
  std::unique_ptr<transport> old = std::exchange(transport_, std::move(probe_->by));
  probe_.reset();
  static_cast<polling_transport&>(*old).move_to(*transport_);
  host_->upgraded();
  user_->on_writable();
}

void engine_session::on_websocket_drained(websocket_transport& from) {
  if (&from == transport_.get())
    on_drained();
}

void engine_session::on_drained() {
  if (ends_when_drained_) {
    end(planned_end_);
  } else if (state_ == state::open) {
    user_->on_writable();
  }
}

void engine_session::on_websocket_gone(websocket_transport& from, end_reason why) {
  if (probe_ && &from == probe_->by.get()) {
    drop_probe(why);
  } else {
    end(why);
  }
}

void engine_session::on_packet(const engine_packet& packet) {
  if (state_ != state::open || ends_when_drained_)
    return;
  switch (packet.type) {
    case engine_packet_type::message:
      if (packet.binary) {
        user_->on_binary(packet.data);
      } else {
        user_->on_text(packet.data);
      }
      break;
    case engine_packet_type::ping:
      if (revision_ != engine_revision::three) {
        end(end_reason::transport_error);
        break;
      }
      host_->arm(engine_host::patience::heartbeat, heartbeat_);
      send_text("3");
      break;
    case engine_packet_type::pong:
      if (revision_ == engine_revision::three) {
        end(end_reason::transport_error);
      } else if (awaits_pong_) {
        awaits_pong_ = false;
        host_->arm(engine_host::patience::interval, heartbeat_);
      }
      break;
    case engine_packet_type::close:
      end(end_reason::client_left);
      break;
    case engine_packet_type::open:
    case engine_packet_type::upgrade:
    case engine_packet_type::noop:
      break;
  }
}

void engine_session::on_deadline(engine_host::patience which) {
  switch (which) {
    case engine_host::patience::interval:
      send_text("2");
      awaits_pong_ = true;
      host_->arm(engine_host::patience::answer, heartbeat_);
      break;
    case engine_host::patience::answer:
    case engine_host::patience::heartbeat:
      end(end_reason::ping_timeout);
      break;
    case engine_host::patience::connect:
      user_->on_connect_timeout();
      break;
    case engine_host::patience::message:
      end(end_reason::message_timeout);
      break;
    case engine_host::patience::upgrade:
      if (probe_)
        drop_probe(end_reason::server_closed);
      break;
  }
}

void engine_session::send_text(std::string_view packet) {
  if (state_ == state::open)
    transport_->send_text(packet);
}

void engine_session::send_binary(std::string_view data) {
  if (state_ == state::open)
    transport_->send_binary(data);
}

std::size_t engine_session::write_some(std::string_view frames) {
  return state_ == state::open ? transport_->write_some(frames) : frames.size();
}

void engine_session::write_all(std::string_view frames) {
  if (state_ == state::open)
    transport_->write_all(frames);
}

void engine_session::end_when_drained(end_reason why) {
  if (state_ != state::open || ends_when_drained_)
    return;
  if (transport_->drained()) {
    end(why);
    return;
  }
  ends_when_drained_ = true;
  planned_end_ = why;
}

void engine_session::end(end_reason why) {
  if (state_ == state::ended)
    return;
  const bool was_open = state_ == state::open;
  state_ = state::ended;
  heartbeat_.cancel();
  unconnected_.reset();
  unfinished_.reset();
  if (probe_)
    drop_probe(why);
  if (was_open)
    user_->on_end(why);
  transport_->end(why);
  const transport_kind last = kind();
  if (last == transport_kind::websocket) {
    host_->see_off(std::unique_ptr<websocket_transport>(
        static_cast<websocket_transport*>(transport_.release())));
  }
  host_->retire(*this, last, why);
}

}  // namespace flowcast::realtime
