#pragma once

#include <string>
#include <string_view>

namespace flowcast::services {

// Whom a numeric address counts for, where there is a limit for each client. Of IPv6 that is the
// network of 64 bits, "2001:db8:0:1::/64": whoever has one address there has them all.
[[nodiscard]] std::string client_group(std::string_view address);

}  // namespace flowcast::services
