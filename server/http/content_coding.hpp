#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "records/error.hpp"

namespace flowcast::http {

// The body that a Content-Encoding hides (RFC 9110, 8.4.1): gzip and deflate, as Express reads
// them; identity, and none, give it as it came. Errors: unsupported_media_type for another coding,
// payload_too_large for more than `most` bytes, of which no more are ever made, and bad_request for
// what is broken.
[[nodiscard]] records::result<std::string> decode_content(std::string_view coding, std::string body,
                                                          std::size_t most);

}  // namespace flowcast::http
