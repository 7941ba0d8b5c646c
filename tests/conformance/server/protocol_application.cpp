#include "protocol_application.hpp"

#include <string>

#include "protocol/json_writer.hpp"

namespace flowcast::conformance {

namespace {

// The elements of an array after the first `skipped`, as they stand, commas between.
std::string rest_of(const protocol::json_value& array, std::size_t skipped) {
  std::string rest;
  for (const protocol::json_value& each : array.elements()) {
    if (skipped > 0) {
      --skipped;
      continue;
    }
    if (!rest.empty())
      rest.push_back(',');
    rest.append(each.text());
  }
  return rest;
}

std::string with_name(std::string_view name, const std::string& arguments) {
  std::string all;
  protocol::append_json_string(all, name);
  if (!arguments.empty())
    all.append(",").append(arguments);
  return all;
}

}  // namespace

void protocol_application::on_connect(protocol::json_value auth) {
  connection_->accept(R"({"sid":")" + realtime::random_text(realtime::session_id_size) + R"("})");
  connection_->emit(with_name("auth", auth ? std::string(auth.text()) : "{}"));
}

void protocol_application::on_event(const realtime::socket_event& event) {
  std::string buffer;
  const std::string_view name = event.arguments.element(0).string(buffer);
  const std::string arguments = rest_of(event.arguments, 1);
  if (name == "message") {
    connection_->emit_binary(with_name("message-back", arguments), event.attachments);
  } else if (name == "message-with-ack") {
    if (event.ack_id)
      connection_->acknowledge_binary(*event.ack_id, arguments, event.attachments);
  } else if (name == "emit-with-ack") {
    connection_->emit_binary(with_name("emit-with-ack", arguments), event.attachments, next_ack_);
    asked_.insert(next_ack_++);
  }
}

void protocol_application::on_ack(std::uint64_t ack_id, const realtime::socket_event& answer) {
  if (asked_.erase(ack_id) == 0)
    return;
  connection_->emit_binary(with_name("emit-with-ack", rest_of(answer.arguments, 0)),
                           answer.attachments);
}

}  // namespace flowcast::conformance
