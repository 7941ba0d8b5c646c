#include "realtime/feathers_call.hpp"

#include <array>
#include <string>
#include <utility>

#include "protocol/attachments.hpp"
#include "records/create_query.hpp"

namespace flowcast::realtime {

using protocol::json_kind;
using protocol::json_value;
using records::errc;
using records::error;
using services::method;

namespace {

constexpr std::string_view separator = "::";

// Where in a method's arguments, those before them not counted, its parts stand; and how many there
// may be.
struct signature {
  bool id;
  bool document;
  [[nodiscard]] std::size_t most() const { return 1U + (id ? 1U : 0U) + (document ? 1U : 0U); }
};

signature signature_of(method what) {
  switch (what) {
    case method::find:
      return {false, false};
    case method::get:
    case method::remove:
      return {true, false};
    case method::create:
      return {false, true};
    case method::update:
    case method::patch:
      return {true, true};
  }
  return {false, false};
}

error bad_request(std::string message) {
  return {errc::bad_request, std::move(message), {}, {}};
}
error not_found(std::string message) {
  return {errc::not_found, std::move(message), {}, {}};
}

// As JavaScript turns a value that is no id into text.
std::string as_text(const json_value& value) {
  switch (value.kind()) {
    case json_kind::absent:
      return "undefined";
    case json_kind::object:
      return "[object Object]";
    default:
      return std::string(value.text());
  }
}

records::result<std::optional<records::record_id>> read_id(method what, const json_value& value) {
  if (const auto id = records::record_id::from_json(value))
    return id;
  if (value.is(json_kind::null)) {
    if (what == method::update)
      return bad_request("You can not replace multiple instances. Did you mean 'patch'?");
    if (what != method::get)
      return std::optional<records::record_id>();
  }
  return not_found("No record found for id '" + as_text(value) + "'");
}

records::result<std::string> read_document(const socket_event& event, method what,
                                           const json_value& value, std::size_t max_document) {
  if (!value)
    return std::string(what == method::create ? "" : "{}");
  if (event.attachments.empty())
    return std::string(value.text());
  std::string document;
  switch (protocol::append_with_attachments(document, value, event.attachments, max_document)) {
    case protocol::attachment_fault::none:
      return document;
    case protocol::attachment_fault::bad_placeholder:
      return bad_request("The data refers to an attachment that did not come with it.");
    case protocol::attachment_fault::too_large:
      break;
  }
  return error{
      errc::payload_too_large,
      "The data with its attachments is larger than " + std::to_string(max_document) + " bytes.",
      {},
      {}};
}

std::string_view trim_slashes(std::string_view path) {
  while (!path.empty() && path.front() == '/')
    path.remove_prefix(1);
  while (!path.empty() && path.back() == '/')
    path.remove_suffix(1);
  return path;
}

}  // namespace

bool is_feathers_call(std::string_view event) {
  if (services::parse_method(event))
    return true;
  const std::size_t at = event.rfind(separator);
  return at != std::string_view::npos &&
         services::parse_method(event.substr(at + separator.size())).has_value();
}

records::result<services::service*> find_service(const services::service_registry& registry,
                                                 json_value path) {
  if (!path.is(json_kind::string))
    return not_found("Invalid service path");
  std::string buffer;
  const std::string_view named = trim_slashes(path.string(buffer));
  if (services::service* const whole = registry.find(named))
    return whole;
  if (services::service* const first = registry.find(named.substr(0, named.find('/'))))
    return first;
  error unknown = not_found("Service '" + std::string(named) + "' not found");
  unknown.cause = records::error_cause::unknown_service;
  return unknown;
}

records::result<feathers_call> read_feathers_call(const socket_event& event,
                                                  const services::service_registry& registry,
                                                  std::size_t max_document) {
  std::array<json_value, 6> arguments;
  std::size_t count = 0;
  for (const json_value& each : event.arguments.elements()) {
    if (count < arguments.size())
      arguments[count] = each;
    ++count;
  }
  std::string buffer;
  const std::string_view name = arguments[0].string(buffer);
  const std::size_t split = name.rfind(separator);
  const bool old_form = split != std::string_view::npos;

  feathers_call call;
  call.what.what = *services::parse_method(old_form ? name.substr(split + separator.size()) : name);
  if (old_form) {
    const std::string_view path = trim_slashes(name.substr(0, split));
    call.to = registry.find(path);
    if (call.to == nullptr)
      return not_found("Service '" + std::string(path) + "' not found");
  } else {
    const auto to = find_service(registry, arguments[1]);
    if (!to)
      return to.error();
    call.to = *to;
  }

  const signature parts = signature_of(call.what.what);
  std::size_t at = old_form ? 1 : 2;
  if (count > at + parts.most()) {
    return bad_request("Too many arguments for '" +
                       std::string(services::to_string(call.what.what)) + "' method");
  }
  if (parts.id) {
    auto id = read_id(call.what.what, arguments[at++]);
    if (!id)
      return id.error();
    call.what.id = *std::move(id);
  }
  if (parts.document) {
    auto document = read_document(event, call.what.what, arguments[at++], max_document);
    if (!document)
      return document.error();
    call.what.document = *std::move(document);
  }
  if (const json_value query = arguments[at]) {
    auto parsed = call.what.what == method::create ? records::create_query_from_json(query.text())
                                                   : records::query::from_json(query.text());
    if (!parsed)
      return parsed.error();
    call.what.query = *std::move(parsed);
  }
  return call;
}

}  // namespace flowcast::realtime
