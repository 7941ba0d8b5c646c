#include "stores/nats_message.hpp"

#include <utility>

#include "protocol/decimal.hpp"
#include "protocol/json_scanner.hpp"
#include "protocol/json_writer.hpp"

namespace flowcast::stores {

namespace {

using protocol::json_kind;
using protocol::json_value;

constexpr std::string_view beginning = R"({"writer":")";

void append_text(std::string& out, std::string_view name, std::string_view value) {
  out += ",\"";
  out += name;
  out += "\":";
  protocol::append_json_string(out, value);
}

template <class Number>
void append_number(std::string& out, std::string_view name, Number value) {
  if (value != 0) {
    out += ",\"";
    out += name;
    out += "\":";
    out += std::to_string(value);
  }
}

template <class Number>
[[nodiscard]] bool read_number(json_value from, Number& into) {
  if (!from) {
    return true;
  }
  const auto number = protocol::whole_number<Number>(from.text());
  into = number.value_or(into);
  return number.has_value();
}

std::string read_text(json_value from) {
  std::string buffer;
  return std::string(from.string(buffer));
}

std::optional<message_change> read_change(json_value from) {
  auto part = from.elements().begin();
  unsigned type = 0;
  message_change change;
  if (!*part || !read_number(*part, type) ||
      type > static_cast<unsigned>(records::event_type::removed)) {
    return std::nullopt;
  }
  change.type = static_cast<records::event_type>(type);
  ++part;
  if (part->is(json_kind::string)) {
    change.id = read_text(*part);
  }
  ++part;
  if (!*part || !read_number(*part, change.base)) {
    return std::nullopt;
  }
  ++part;
  change.json = part->text();
  const bool removed = change.type == records::event_type::removed;
  const bool has_record = part->is(json_kind::object);
  if ((!has_record && (*part || !removed)) || (!change.id && (removed || change.base != 0))) {
    return std::nullopt;
  }
  return change;
}

}  // namespace

std::string to_json(const log_message& message) {
  std::string out(beginning);
  out += message.writer;
  out += '"';
  append_text(out, "service", message.service);
  append_number(out, "at", message.at);
  append_number(out, "due", message.due);
  append_number(out, "deliver", message.deliver);
  append_number(out, "trim", message.trim);
  if (message.once) {
    append_text(out, "key", message.once->key);
    append_number(out, "digest", message.once->body_digest);
  }
  if (!message.changes.empty()) {
    out += R"(,"changes":[)";
    for (const message_change& change : message.changes) {
      out += '[';
      out += std::to_string(static_cast<int>(change.type));
      out += ',';
      if (change.id) {
        protocol::append_json_string(out, *change.id);
      } else {
        out += "null";
      }
      out += ',';
      out += std::to_string(change.base);
      if (!change.json.empty()) {
        out += ',';
        out += change.json;
      }
      out += "],";
    }
    out.back() = ']';
  }
  out += '}';
  return out;
}

std::optional<log_message> parse_message(std::string_view json) {
  const json_value from = protocol::scan_json(json, protocol::highest_json_depth).value;
  log_message message;
  message.writer = read_text(from.member("writer"));
  message.service = read_text(from.member("service"));
  if (message.writer.empty() || !read_number(from.member("at"), message.at) ||
      !read_number(from.member("due"), message.due) ||
      !read_number(from.member("deliver"), message.deliver) ||
      !read_number(from.member("trim"), message.trim)) {
    return std::nullopt;
  }
  if (const json_value key = from.member("key")) {
    message.once = idempotency{read_text(key), 0};
    if (!read_number(from.member("digest"), message.once->body_digest)) {
      return std::nullopt;
    }
  }
  for (const json_value& each : from.member("changes").elements()) {
    std::optional<message_change> change = read_change(each);
    if (!change || message.changes.size() == most_changes_in_a_message) {
      return std::nullopt;
    }
    message.changes.push_back(*std::move(change));
  }
  return message;
}

std::string_view writer_of(std::string_view json) {
  if (!json.starts_with(beginning)) {
    return {};
  }
  json.remove_prefix(beginning.size());
  return json.substr(0, json.find('"'));
}

}  // namespace flowcast::stores
