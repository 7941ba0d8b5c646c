#include "http/rest.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "http/body.hpp"
#include "http/error_page.hpp"
#include "http/indented_json.hpp"
#include "protocol/decimal.hpp"
#include "protocol/json_writer.hpp"
#include "records/create_query.hpp"
#include "records/query_string.hpp"

namespace flowcast::http {

using records::errc;
using records::error;
using services::method;

namespace {

// Service, and the id behind it. Slashes around them count for nothing, as with Feathers: a client
// whose address ends in one asks for `//microflow`. Nothing for a path that is deeper.
struct service_path {
  std::string_view service;
  std::string_view id;
};

std::optional<service_path> split(std::string_view path) {
  if (!path.starts_with('/')) {
    return std::nullopt;
  }
  path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
  path.remove_suffix(path.size() - (path.find_last_not_of('/') + 1));
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) {
    return service_path{path, {}};
  }
  const std::string_view id = path.substr(slash + 1);
  if (id.empty() || id.find('/') != std::string_view::npos) {
    return std::nullopt;
  }
  return service_path{path.substr(0, slash), id};
}

std::optional<method> method_of(verb how, bool has_id) {
  switch (how) {
    case verb::get:
    case verb::head:
      return has_id ? method::get : method::find;
    case verb::post:
      return method::create;
    case verb::put:
      return method::update;
    case verb::patch:
      return method::patch;
    case verb::remove:
      return method::remove;
    case verb::options:
    case verb::other:
      return std::nullopt;
  }
  return std::nullopt;
}

no_call refusal(const request& in, const error& what) {
  return {error_response(in, what), what.message};
}

no_call not_allowed(const request& in, std::string message) {
  no_call made = refusal(in, {errc::method_not_allowed, std::move(message), {}, {}});
  made.answer.headers += "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n";
  return made;
}

// From the header, which a publisher may set where it cannot change the URL.
std::optional<error> read_delay(const request& in, records::query& query) {
  if (in.deliver_after.empty()) {
    return std::nullopt;
  }
  const auto delay = protocol::whole_number<std::uint32_t>(in.deliver_after);
  if (!delay) {
    return error{errc::bad_request, "Deliver-After must be a whole number of milliseconds", {}, {}};
  }
  query.deliver_after = std::chrono::milliseconds(*delay);
  return std::nullopt;
}

bool wants_html(const request& in) {
  const auto names = [&](std::string_view what) {
    return in.accept.find(what) != std::string::npos ||
           in.content_type.find(what) != std::string::npos;
  };
  return names("html") && !names("json");
}

}  // namespace

std::variant<rest_call, no_call> read_call(request& in, const services::service_registry& all,
                                           std::size_t max_body) {
  const std::optional<service_path> path = split(in.path());
  services::service* const service = path ? all.find(path->service) : nullptr;
  if (service == nullptr) {
    return no_call{page_not_found(in), "there is no such service"};
  }
  const std::optional<method> what = method_of(in.verb, !path->id.empty());
  if (!what) {
    return not_allowed(in, "Method " + in.method + " not allowed");
  }
  // A POST may call a custom method by its name: there is none. The others may not name one of the
  // six: which of them is meant, the verb says.
  if (!in.service_method.empty() &&
      (in.verb == verb::post || services::parse_method(in.service_method))) {
    const std::string_view asked =
        in.verb == verb::post ? std::string_view(in.service_method) : services::to_string(*what);
    return not_allowed(in,
                       "Method `" + std::string(asked) + "` is not supported by this endpoint.");
  }

  rest_call made;
  made.service = service;
  made.call.what = *what;
  if (!path->id.empty()) {
    made.call.id = records::record_id::from_text(records::decode_percent(path->id));
  }
  if (const std::string_view query = in.query(); !query.empty()) {
    auto read = *what == method::create ? records::create_query_from_query_string(query)
                                        : records::query::from_query_string(query);
    if (!read) {
      return refusal(in, read.error());
    }
    made.call.query = std::move(*read);
  }
  if (*what == method::create || *what == method::update || *what == method::patch) {
    auto document = read_document_text(in, max_body);
    if (!document) {
      return refusal(in, document.error());
    }
    made.call.document = std::move(*document);
  }
  if (!services::is_read(*what)) {
    if (const auto wrong = read_delay(in, made.call.query)) {
      return refusal(in, *wrong);
    }
    made.call.idempotency_key = std::move(in.idempotency_key);
  }
  return made;
}

response answer_to(const request& in, records::result<services::answer> given) {
  if (!given) {
    return error_response(in, given.error());
  }
  response made;
  made.status = in.verb == verb::post ? 201 : 200;
  made.content_type = json_type;
  made.etag = true;
  made.vary_accept = true;
  made.body = wants_html(in) ? indented_json(given->json) : std::move(given->json);
  if (given->replayed) {
    made.headers = "Idempotency-Replayed: true\r\n";
  }
  return made;
}

response error_response(const request& in, const error& what) {
  response made;
  made.status = describe(what.code).http_status;
  made.etag = true;
  if (wants_html(in)) {
    made.content_type = html_type;
    made.body = error_page(made.status, what.message);
  } else {
    made.content_type = json_type;
    made.body = to_json(what);
  }
  if (what.code == errc::not_authenticated) {
    made.headers = "WWW-Authenticate: Bearer\r\n";
  }
  if (what.retry_after.count() > 0) {
    made.headers = "Retry-After: " + std::to_string(what.retry_after.count()) + "\r\n";
  }
  return made;
}

response page_not_found(const request& in) {
  std::string data = R"({"url":)";
  protocol::append_json_string(data, in.target);
  data += '}';
  return error_response(in, {errc::not_found, "Page not found", std::move(data), {}});
}

}  // namespace flowcast::http
