#include "realtime/polling_transport.hpp"

#include <algorithm>
#include <utility>

#include "hub/event_frame.hpp"
#include "protocol/jsonp.hpp"
#include "realtime/engine_session.hpp"

namespace flowcast::realtime {

using protocol::payload_form;

namespace {

payload_form form_of_body(protocol::engine_revision revision, bool binary) {
  if (revision == protocol::engine_revision::four)
    return payload_form::separated;
  return binary ? payload_form::framed : payload_form::counted;
}

}  // namespace

void polling_transport::each_packet(
    const engine_query& query, protocol::engine_revision revision, std::string_view body,
    bool binary, const std::function<bool(const protocol::engine_packet*)>& take) {
  std::optional<std::string> form;
  if (query.jsonp) {
    form = protocol::payload_of_form(body);
    body = form ? std::string_view(*form) : std::string_view();
  }
  protocol::payload_reader reader(body, form_of_body(revision, binary));
  protocol::engine_packet packet;
  std::string buffer;
  for (;;) {
    const protocol::payload_step step = reader.next(packet, buffer);
    if (step == protocol::payload_step::end)
      return;
    if (step != protocol::payload_step::packet) {
      take(nullptr);
      return;
    }
    if (!take(&packet))
      return;
  }
}

void polling_transport::poll(const engine_query& query, respond done) {
  query_ = query;
  base64_ = base64_ || query.base64;
  done_ = std::move(done);
  if (!waiting_.empty())
    answer();
}

void polling_transport::release() {
  if (polled() && waiting_.empty())
    send_text("6");
}

void polling_transport::queue(queued what) {
  bytes_ += what.data.size();
  queued_bytes_->add(what.data.size());
  if (bytes_ > max_outbound_) {
    forget_waiting();
    session_->end_later(end_reason::too_slow);
    return;
  }
  waiting_.push_back(std::move(what));
}

void polling_transport::forget_waiting() {
  waiting_.clear();
  queued_bytes_->take(bytes_);
  bytes_ = 0;
}

void polling_transport::send_text(std::string_view text) {
  queue({false, std::string(text)});
  if (polled())
    answer();
}

void polling_transport::send_binary(std::string_view data) {
  queue({true, std::string(data)});
  if (polled())
    answer();
}

std::size_t polling_transport::write_some(std::string_view frames) {
  write_all(frames);
  return frames.size();
}

void polling_transport::write_all(std::string_view frames) {
  hub::frame_reader reader(frames);
  for (std::string_view each = reader.next(); !each.empty(); each = reader.next()) {
    queue({false, std::string(each)});
  }
  if (polled())
    answer();
}

void polling_transport::answer() {
  const bool any_binary =
      std::any_of(waiting_.begin(), waiting_.end(), [](const queued& each) { return each.binary; });
  const bool takes_binary = !base64_ && !query_.jsonp;
  const payload_form form = form_of_body(revision_, any_binary && takes_binary);
  std::string payload;
  for (const queued& each : waiting_) {
    if (each.binary) {
      protocol::append_binary_message(payload, form, each.data);
    } else {
      protocol::append_text_packet(payload, form, each.data);
    }
  }
  forget_waiting();
  engine_response response;
  if (query_.jsonp) {
    protocol::append_jsonp(response.body, *query_.jsonp, payload);
  } else {
    response.body = std::move(payload);
  }
  if (form == payload_form::framed)
    response.content_type = "application/octet-stream";
  std::exchange(done_, nullptr)(std::move(response));
}

void polling_transport::move_to(transport& other) {
  for (const queued& each : waiting_) {
    if (each.binary) {
      other.send_binary(each.data);
    } else {
      other.send_text(each.data);
    }
  }
  forget_waiting();
  release();
}

void polling_transport::end(end_reason why) {
  // The client that asks is told, unless it was the one to say so: its poll is released by a noop.
  if (polled()) {
    forget_waiting();
    waiting_.push_back({false, why == end_reason::client_left ? "6" : "1"});
    answer();
  }
}

}  // namespace flowcast::realtime
