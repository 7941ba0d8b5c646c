#pragma once

#include <string_view>

namespace flowcast::auth {

// The token in an Authorization header: behind `Bearer` (RFC 6750, section 2.1) or `JWT`, or the
// token alone, as Feathers' clients may send it. Empty: there is none.
[[nodiscard]] std::string_view token_in_header(std::string_view authorization);

}  // namespace flowcast::auth
