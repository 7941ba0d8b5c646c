#include "records/error.hpp"

#include <array>
#include <cstddef>
#include <stdexcept>

#include "protocol/json_writer.hpp"

namespace flowcast::records {

namespace {

constexpr std::array error_classes = {
    error_class{errc::bad_request, 400, "BadRequest", "bad-request", false,
                "correct the request as the message says"},
    error_class{errc::not_authenticated, 401, "NotAuthenticated", "not-authenticated", false,
                "authenticate, with a fresh token, and call again"},
    error_class{errc::forbidden, 403, "Forbidden", "forbidden", false,
                "ask the operator for a token that allows this"},
    error_class{errc::not_found, 404, "NotFound", "not-found", false,
                "check the service's name and the record's id"},
    error_class{errc::method_not_allowed, 405, "MethodNotAllowed", "method-not-allowed", false,
                "use a method that the service offers"},
    error_class{errc::not_acceptable, 406, "NotAcceptable", "not-acceptable", false,
                "accept application/json"},
    error_class{errc::timeout, 408, "Timeout", "timeout", true, "call again"},
    error_class{errc::conflict, 409, "Conflict", "conflict", false,
                "read the current state, then decide anew"},
    error_class{errc::gone, 410, "Gone", "gone", false, "stop asking for it"},
    error_class{errc::offset_gone, 410, "Gone", "gone", false,
                "reload everything once, then listen from the offset given on connecting"},
    error_class{errc::payload_too_large, 413, "PayloadTooLarge", "payload-too-large", false,
                "send less at a time"},
    error_class{errc::unsupported_media_type, 415, "UnsupportedMediaType", "unsupported-media-type",
                false, "send Content-Type: application/json"},
    error_class{errc::unprocessable, 422, "Unprocessable", "unprocessable", false,
                "correct the record as the message says"},
    error_class{errc::too_many_requests, 429, "TooManyRequests", "too-many-requests", true,
                "wait as Retry-After says, then call again"},
    error_class{errc::general_error, 500, "GeneralError", "general-error", false,
                "report it with the server's log"},
    error_class{errc::not_implemented, 501, "NotImplemented", "not-implemented", false,
                "use what the server offers"},
    error_class{errc::bad_gateway, 502, "BadGateway", "bad-gateway", true, "call again later"},
    error_class{errc::unavailable, 503, "Unavailable", "unavailable", true,
                "wait as Retry-After says, then call again with the same Idempotency-Key"},
    error_class{errc::insufficient_storage, 507, "InsufficientStorage", "insufficient-storage",
                true, "make room on the server's disk or lower its retention, then call again"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < error_classes.size(); ++i) {
    if (static_cast<std::size_t>(error_classes[i].code) != i) {
      return false;
    }
  }
  return true;
}
static_assert(in_order(), "the table is indexed by errc");
static_assert(error_classes.size() == static_cast<std::size_t>(errc::insufficient_storage) + 1);

}  // namespace

const error_class& describe(errc code) {
  return error_classes.at(static_cast<std::size_t>(code));
}

std::string to_json(const error& what) {
  const error_class& row = describe(what.code);
  std::string out = R"({"name":")";
  out += row.name;
  out += R"(","message":)";
  protocol::append_json_string(out, what.message);
  out += R"(,"code":)";
  out += std::to_string(row.http_status);
  out += R"(,"className":")";
  out += row.class_name;
  out += '"';
  if (!what.data.empty()) {
    out += R"(,"data":)";
    out += what.data;
  }
  out += '}';
  return out;
}

void throw_exception_from_error(const error& what, const boost::source_location& /*where*/) {
  throw std::runtime_error(what.message);
}

}  // namespace flowcast::records
