#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "records/error.hpp"

namespace flowcast::services {

// True if the text, were it JSON, would be an array.
[[nodiscard]] bool is_array(std::string_view text);

// The elements of a JSON array, as they were written. bad_request for what is no JSON,
// payload_too_large for more than `most` elements.
[[nodiscard]] records::result<std::vector<std::string>> split_array(std::string_view text,
                                                                    std::size_t most);

}  // namespace flowcast::services
