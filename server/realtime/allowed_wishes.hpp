#pragma once

#include <optional>
#include <vector>

#include "auth/identity.hpp"
#include "realtime/subscription_wish.hpp"
#include "records/error.hpp"
#include "stores/event_store.hpp"

namespace flowcast::realtime {

// Why `who` may not have all of these: forbidden, or not_authenticated where that is nobody in
// particular; nothing if they may. The whole of a service is theirs where any key of it is: they
// hear those.
[[nodiscard]] std::optional<records::error> refuse_any(const std::vector<subscription_wish>& wishes,
                                                       const auth::identity& who);

// Takes out of `wishes` what `who` may not have, and says there what and why.
void refuse_forbidden(wish_list& wishes, const auth::identity& who);

// Takes the keys out that `who` may not hear.
void allow_only(std::vector<subscription_wish>& wishes, const auth::identity& who);

// Takes out of filters what `who` may not hear, as far as a filter can say it.
void allow_only(std::vector<stores::log_filter>& filters,
                const services::service_registry& services, const auth::identity& who);

}  // namespace flowcast::realtime
