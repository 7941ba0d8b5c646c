#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "auth/identity.hpp"
#include "records/error.hpp"

namespace flowcast::services {

inline constexpr std::size_t longest_presence_key = 512;   // bytes
inline constexpr std::size_t longest_presence_name = 256;  // … and of a user

// What a client says of who is there, and how.
struct presence_request {
  std::string key;
  std::string user;
  std::optional<std::string> name;
  std::optional<bool> editing;
};

// From the document of a create, or of a patch, which names neither key nor user. `who` asks, or
// nullptr: it is they where the document does not say. bad_request for what is missing or out of
// bounds, forbidden for who poses as somebody else.
[[nodiscard]] records::result<presence_request> read_presence_request(std::string_view document,
                                                                      bool joins,
                                                                      const auth::identity* who);

}  // namespace flowcast::services
