#include "auth/bearer.hpp"

#include <algorithm>
#include <cctype>

namespace flowcast::auth {

namespace {

bool is_scheme(std::string_view given, std::string_view scheme) {
  return std::equal(given.begin(), given.end(), scheme.begin(), scheme.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == b; });
}

}  // namespace

std::string_view token_in_header(std::string_view authorization) {
  const std::size_t space = authorization.find(' ');
  if (space == std::string_view::npos) {
    return authorization;
  }
  const std::string_view scheme = authorization.substr(0, space);
  if (!is_scheme(scheme, "bearer") && !is_scheme(scheme, "jwt")) {
    return {};
  }
  const std::size_t start = authorization.find_first_not_of(' ', space);
  return start == std::string_view::npos ? std::string_view() : authorization.substr(start);
}

}  // namespace flowcast::auth
