#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace flowcast::demo {

/// The Content-Security-Policy that a page is served with.
enum class content_security_policy {
  none,    ///< no header, as Mendix apps have by default
  wasm,    ///< `script-src 'self' 'wasm-unsafe-eval'`: scripts of the app, and WebAssembly
  strict,  ///< `default-src 'self'`: what Mendix's own guide aims at; it blocks WebAssembly
};

/// `none`, `wasm` or `strict`; empty for anything else.
[[nodiscard]] std::optional<content_security_policy> parse_policy(std::string_view name);

/// The header's value; empty when there is to be no header.
/// @param flowcast_url  where pages reach the Flowcast server, such as `http://localhost:3030`
[[nodiscard]] std::string to_header(content_security_policy policy, std::string_view flowcast_url);

}  // namespace flowcast::demo
