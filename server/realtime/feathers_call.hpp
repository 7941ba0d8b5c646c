#pragma once

#include <cstddef>
#include <string_view>

#include "realtime/socket_application.hpp"
#include "records/error.hpp"
#include "services/service_registry.hpp"

namespace flowcast::realtime {

// A service's method, called by a socket event.
struct feathers_call {
  services::service* to = nullptr;
  services::call what;
};

// Whether `event` calls a method: `["create","microflow",data,params?]`, or as older clients write
// it,
// `["microflow::create",data,params?]`.
[[nodiscard]] bool is_feathers_call(std::string_view event);

// The call, or the error that Feathers answers. `max_document`: of a document in bytes, attachments
// included.
[[nodiscard]] records::result<feathers_call> read_feathers_call(
    const socket_event& event, const services::service_registry& registry,
    std::size_t max_document);

// The service that a path names; slashes around it and what follows it are no part of the name, as
// in Feathers.
[[nodiscard]] records::result<services::service*> find_service(
    const services::service_registry& registry, protocol::json_value path);

}  // namespace flowcast::realtime
