#include <stdexcept>
#include <utility>

#include "http/download.hpp"
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

std::unique_ptr<realtime::secure_channel> tls_context::accept(
    realtime::socket_handle /*socket*/) const {
  return nullptr;
}

records::result<std::string> download(const std::string& /*url*/, std::size_t /*most*/,
                                      std::chrono::seconds /*patience*/) {
  return records::error{
      records::errc::bad_gateway, "this build has no TLS: give the JWK set as a file", {}, {}};
}

}  // namespace flowcast::http
