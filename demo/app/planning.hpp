#pragma once

#include "app/app_settings.hpp"
#include "runtime/database.hpp"
#include "runtime/xas.hpp"

namespace flowcast::demo {

/// The module Planning: visits that several people plan at a time, and what each of them changed.
///
/// - `Planning.ACT_Visit_Save` commits what the user changed and leaves the other fields as they
///   are. It writes a `Planning.FieldChange` for each, and after the transaction publishes the
///   visit's GUID. Its argument `BaseVersion` is the version that the user has seen: where somebody
///   changed one of the same fields since, to another value, it refuses.
/// - `Planning.ACT_Visit_Refresh` shows what the database has. What the user changed and has not
///   saved stays theirs. It lets lists of changes be retrieved again.
/// - `Planning.ACT_Desk_Refresh` does the same for the visit that a `Planning.Desk` names. A desk
/// is
///   what a page knows of one visit and does not save: who holds it, and who else has it open.
void add_planning(database& data, xas& runtime, const app_settings& settings);

}  // namespace flowcast::demo
