#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/identity.hpp"
#include "records/error.hpp"
#include "services/service.hpp"

// How a service says no.
namespace flowcast::services {

// `who` may not `what` the service ("read", "publish to"): forbidden, or not_authenticated where
// that is nobody in particular.
[[nodiscard]] records::error may_not(const auth::identity& who, std::string_view what,
                                     std::string_view service);

// The keys of the service that `who` may read, or else change, by this method; the error where
// there are none.
[[nodiscard]] records::result<auth::rights::keys> keys_for(method what, std::string_view service,
                                                           const auth::identity& who);

// Why `who` may not call this of the service, or nothing; a read is narrowed to the keys that they
// may read.
[[nodiscard]] std::optional<records::error> authorize(call& request, std::string_view service,
                                                      const auth::identity& who);

// Why `who` may not say that they are `user`: a token says who they are. Nothing where they may, do
// not say, or are nullptr.
[[nodiscard]] std::optional<records::error> refuse_pose(const auth::identity* who,
                                                        const std::optional<std::string>& user);

// The name that people see: that of the token, where it has one.
void prove_name(std::optional<std::string>& given, const auth::identity* who);

// For many at once, where one is meant.
[[nodiscard]] records::error method_not_multi(method what);

}  // namespace flowcast::services
