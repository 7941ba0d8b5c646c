#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/identity.hpp"
#include "records/error.hpp"

namespace flowcast::auth {

// Who may see what the server does: its metrics and status.
//
// Rules
//  1. Whoever comes in by the listener that was set up for it, where that is this machine's alone.
//  2. Where authentication is on, whose token or key has the right to observe.
//  3. Where it is off, this machine; not a proxy on it that may not say for whom it asks.

// Why not, or nothing. `trusted`: by rule 1. `who`: nullptr while authentication is off.
[[nodiscard]] std::optional<records::error> refuse_observer(bool trusted, const identity_ptr& who,
                                                            std::string_view address);

// An address of this machine.
[[nodiscard]] bool is_this_machine(std::string_view address);

}  // namespace flowcast::auth
