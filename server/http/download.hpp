#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "records/error.hpp"

namespace flowcast::http {

// The body that a GET of an http:// or https:// URL is answered with. A server's certificate must
// be right, by the certificates that this machine trusts (SSL_CERT_FILE names others). Waits, at
// most for so long; goes through no proxy. Errors are bad_gateway, with what went wrong, also for a
// body of more than `most` bytes.
[[nodiscard]] records::result<std::string> download(const std::string& url, std::size_t most,
                                                    std::chrono::seconds patience);

}  // namespace flowcast::http
