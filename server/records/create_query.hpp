#pragma once

#include <string_view>

#include "records/query.hpp"

namespace flowcast::records {

// The query of a create, of a URL or of a socket's params: $select and $deliverAfter mean
// something to it; whatever else is there does not, nor is it refused, as in Feathers.
[[nodiscard]] result<query> create_query_from_query_string(std::string_view text);
[[nodiscard]] result<query> create_query_from_json(std::string_view text);

}  // namespace flowcast::records
