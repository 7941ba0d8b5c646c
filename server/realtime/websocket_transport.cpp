#include "realtime/websocket_transport.hpp"

#include <utility>

#include "protocol/base64.hpp"
#include "protocol/frame_encoder.hpp"

namespace flowcast::realtime {

namespace {
// Buffers read from one socket before the others have their turn.
constexpr int reads_a_turn = 4;

end_reason reason_of(std::uint16_t code) {
  switch (code) {
    case protocol::close_code::invalid_data:
      return end_reason::parse_error;
    case protocol::close_code::too_big:
      return end_reason::too_large;
    default:
      return end_reason::transport_error;
  }
}
}  // namespace

websocket_transport::websocket_transport(websocket_context& with, stream socket,
                                         protocol::engine_revision revision, bool base64,
                                         websocket_user& user)
    : with_(&with),
      user_(&user),
      socket_(std::move(socket)),
      revision_(revision),
      base64_(base64) {}

websocket_transport::~websocket_transport() {
  if (queue_)
    with_->queued_bytes.take(queue_->size());
  with_->leaving.forget(*this);
  with_->sockets.remove(socket_.descriptor(), *this);
}

bool websocket_transport::start() {
  return with_->sockets.add(socket_.descriptor(), *this);
}

void websocket_transport::send_text(std::string_view packet) {
  std::string frame;
  protocol::append_frame(frame, protocol::opcode::text, packet);
  write_all(frame);
}

void websocket_transport::send_binary(std::string_view data) {
  if (base64_) {
    std::string packet(revision_ == protocol::engine_revision::three ? "b4" : "b");
    protocol::append_base64(packet, data);
    send_text(packet);
    return;
  }
  std::string message;
  protocol::append_engine_binary(message, revision_, data);
  std::string frame;
  protocol::append_frame(frame, protocol::opcode::binary, message);
  write_all(frame);
}

std::size_t websocket_transport::write_some(std::string_view frames) {
  if (dead())
    return frames.size();  // nobody to hear it
  if (!queue_ && !socket_.is_secure() &&
      with_->together.add(socket_.descriptor(), frames, *this, send_batch::report::shortfall))
    return frames.size();
  const std::size_t taken = queue_ ? 0 : send(frames);
  if (taken < frames.size())
    full_ = true;
  return taken;
}

void websocket_transport::write_all(std::string_view frames) {
  if (dead())
    return;
  // Another namespace of the same client may have bytes in it, which go first.
  if (with_->together.pending())
    with_->together.flush();
  const std::size_t taken = queue_ ? 0 : send(frames);
  if (taken < frames.size() && !failed_)
    keep(frames.substr(taken));
}

void websocket_transport::on_sent(std::string_view bytes, transfer how) {
  if (how.bytes == bytes.size())
    return;
  if (how.then == next_step::ended) {
    fail(end_reason::transport_closed);
  } else {
    keep(bytes.substr(how.bytes));
  }
}

void websocket_transport::send_alone(std::string_view bytes) {
  write_all(bytes);
}

void websocket_transport::keep(std::string_view rest) {
  if (!queue_)
    queue_ = std::make_unique<std::string>();
  if (queue_->size() + rest.size() > with_->max_outbound) {
    fail(end_reason::too_slow);
    return;
  }
  queue_->append(rest);
  with_->queued_bytes.add(rest.size());
}

std::size_t websocket_transport::send(std::string_view bytes) {
  const transfer sent = socket_.send(bytes);
  if (sent.then != next_step::ended)
    return sent.bytes;
  fail(end_reason::transport_closed);
  return bytes.size();
}

void websocket_transport::fail(end_reason why) {
  if (dead())
    return;
  failed_ = true;
  failure_ = why;
  with_->leaving.tell_later(*this);
}

void websocket_transport::tell_failure() {
  if (user_ != nullptr)
    user_->on_websocket_gone(*this, failure_);
}

void websocket_transport::end(end_reason why) {
  user_ = nullptr;
  // A client that is gone, or that never was there, is not talked to.
  if (why == end_reason::transport_closed || why == end_reason::ping_timeout ||
      (failed_ && failure_ == end_reason::transport_closed)) {
    finished_ = true;
    return;
  }
  std::string frame;
  const std::uint16_t code = close_code(why);
  protocol::append_close_frame(
      frame, code, code == protocol::close_code::none_given ? std::string_view() : to_string(why));
  const std::size_t taken = queue_ ? 0 : send(frame);
  if (taken < frame.size()) {
    if (!queue_)
      queue_ = std::make_unique<std::string>();
    queue_->append(frame, taken);
    with_->queued_bytes.add(frame.size() - taken);
  } else {
    socket_.finish();
    if (why == end_reason::client_left)
      finished_ = true;
  }
}

void websocket_transport::on_ready(readiness now) {
  if (now.writable) {
    socket_.flush();
    if (queue_ || full_)
      write_queued();
  }
  if (now.readable || now.hung_up)
    read(now.hung_up);
}

void websocket_transport::write_queued() {
  if (queue_) {
    const std::size_t sent = send(*queue_);
    if (failed_)
      return;
    with_->queued_bytes.take(sent);
    queue_->erase(0, sent);
    if (!queue_->empty())
      return;
    queue_.reset();
  }
  full_ = false;
  if (user_ != nullptr) {
    user_->on_websocket_drained(*this);
  } else {
    socket_.finish();
  }
}

void websocket_transport::read(bool hung_up) {
  const std::span<char> buffer = with_->sockets.buffer();
  for (int turn = 0; turn < reads_a_turn; ++turn) {
    const transfer got = socket_.receive(buffer);
    if (got.then == next_step::ended) {
      finished_ = user_ == nullptr;
      if (!dead())
        user_->on_websocket_gone(*this, end_reason::transport_closed);
      return;
    }
    if (got.bytes > 0)
      take(buffer.first(got.bytes));
    if (got.then == next_step::wait && (got.bytes == 0 || !hung_up))
      return;
  }
  with_->sockets.read_on(*this);
}

void websocket_transport::take(std::span<char> bytes) {
  // A session that ended within a message left its beginning there.
  with_->scratch.clear();
  std::string& pending = partial_ ? *partial_ : with_->scratch;
  bool begun = !partial_;
  while (!dead()) {
    const protocol::frame_event event = decoder_.next(bytes, pending, with_->max_payload);
    if (event.kind == protocol::frame_event_kind::need_more)
      break;
    begun = begun || event.kind == protocol::frame_event_kind::text ||
            event.kind == protocol::frame_event_kind::binary;
    handle(event);
  }
  if (decoder_.idle() || dead()) {
    partial_.reset();
  } else if (!partial_) {
    partial_ = std::make_unique<std::string>(std::move(with_->scratch));
    with_->scratch.clear();
  }
  if (partial_ && begun)
    user_->on_websocket_part(*this);
}

void websocket_transport::handle(const protocol::frame_event& event) {
  switch (event.kind) {
    case protocol::frame_event_kind::text:
    case protocol::frame_event_kind::binary:
      user_->on_websocket_message(*this, event.payload,
                                  event.kind == protocol::frame_event_kind::binary);
      break;
    case protocol::frame_event_kind::ping: {
      std::string frame;
      protocol::append_frame(frame, protocol::opcode::pong, event.payload);
      write_all(frame);
      if (!dead())
        user_->on_websocket_ping(*this);
      break;
    }
    case protocol::frame_event_kind::close:
      user_->on_websocket_gone(*this, end_reason::client_left);
      break;
    case protocol::frame_event_kind::violation:
      user_->on_websocket_gone(*this, reason_of(event.code));
      break;
    case protocol::frame_event_kind::pong:
    case protocol::frame_event_kind::need_more:
      break;
  }
}

}  // namespace flowcast::realtime
