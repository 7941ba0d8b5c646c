#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "records/error.hpp"

namespace flowcast::records {

inline constexpr std::size_t longest_query_string = 16'384;  // bytes
inline constexpr std::size_t most_query_parameters = 1000;

// The query string of a URL (without its '?') as the JSON object that Node's `qs` makes of it,
// which is what Feathers' REST clients rely on: brackets nest (`a[b]=1`, five levels deep, the rest
// is a name), `a[]=1` and repeated names make arrays, as do indices up to 100 (`a[0]=1`), '+' is a
// space, a name without '=' is an empty string. Every leaf is a string. Bytes that are no UTF-8
// become U+FFFD.
//
// bad_request beyond the limits above.
[[nodiscard]] result<std::string> query_string_to_json(std::string_view text);

// Undoes percent-encoding. Text that is not well encoded is given back as it is, as `qs` does.
[[nodiscard]] std::string decode_percent(std::string_view text);

}  // namespace flowcast::records
