#pragma once

#include <string>
#include <string_view>

#include "http/request.hpp"
#include "http/response.hpp"
#include "services/service_registry.hpp"

namespace flowcast::http {

// The page at `/`: what this server is, which services it has, and what to POST.
class landing_page {
 public:
  explicit landing_page(const services::service_registry& all);

  // With addresses as the browser knows them: its Host header, and whether it came by TLS.
  [[nodiscard]] response answer_to(const request& in, bool secure) const;

 private:
  std::string page_;  // but for the host
};

}  // namespace flowcast::http
