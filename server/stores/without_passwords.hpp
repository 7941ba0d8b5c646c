#pragma once

#include <string>
#include <string_view>

namespace flowcast::stores {

// The name of a store, or its addresses, as others may read them: without the users and passwords
// of URLs.
[[nodiscard]] std::string without_passwords(std::string_view spec);

}  // namespace flowcast::stores
