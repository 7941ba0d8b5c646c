#include <stdexcept>
#include <utility>

#include "http/tls_context.hpp"

// What a build without TLS has in its place.
namespace flowcast::http {

tls_context::tls_context(tls_files files) : files_(std::move(files)) {
  throw std::runtime_error(
      "this build has no TLS: listen on http:// behind a proxy that has, or build with "
      "FLOWCAST_WITH_TLS=ON");
}

tls_context::~tls_context() = default;

void tls_context::deleter::operator()(SSL_CTX* /*context*/) const {}

std::string tls_context::reload() {
  return {};
}

std::unique_ptr<realtime::secure_channel> tls_context::accept(int /*descriptor*/) const {
  return nullptr;
}

}  // namespace flowcast::http
