#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "http/request.hpp"
#include "http/response.hpp"
#include "records/error.hpp"
#include "services/service_registry.hpp"

// Feathers over HTTP: which call of which service a request is, and what the answer looks like.
namespace flowcast::http {

struct rest_call {
  services::service* service = nullptr;
  services::call call;
};

struct no_call {
  response answer;
  std::string why;  // for who looks at what was turned away
};

// Takes the body out of the request; one that is compressed may become `max_body` bytes. No call is
// an unknown path or method, a body of another type, a query that makes no sense.
[[nodiscard]] std::variant<rest_call, no_call> read_call(request& in,
                                                         const services::service_registry& all,
                                                         std::size_t max_body);

[[nodiscard]] response answer_to(const request& in, records::result<services::answer> given);

// In Feathers' form, as HTML for a browser that reads nothing else.
[[nodiscard]] response error_response(const request& in, const records::error& what);

// 404 "Page not found", as Feathers says it.
[[nodiscard]] response page_not_found(const request& in);

}  // namespace flowcast::http
