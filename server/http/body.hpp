#pragma once

#include <cstddef>
#include <string>

#include "http/request.hpp"
#include "records/error.hpp"

namespace flowcast::http {

// The JSON text of a request's body, which it is taken out of: JSON as it is, a form
// (application/x-www-form-urlencoded) as Express reads it. No body at all is an empty object, as
// with Feathers. Compressed by gzip or deflate it may become `most` bytes. unsupported_media_type
// for every other type, charset and coding.
[[nodiscard]] records::result<std::string> read_document_text(request& in, std::size_t most);

}  // namespace flowcast::http
