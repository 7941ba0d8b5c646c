#pragma once

#include "app/app_settings.hpp"
#include "runtime/database.hpp"
#include "runtime/xas.hpp"

namespace flowcast::demo {

/// The module Chat: rooms, and their messages.
///
/// - `Chat.ACT_Message_Send` commits a message to the room that it is called with, of the arguments
///   `Text` and `ClientId`, and after the transaction publishes the room's GUID. A message that was
///   sent twice, because its answer was lost, has one `ClientId` and is kept once.
/// - `Chat.ACT_Room_Refresh` shows the room anew, and lets lists of messages be retrieved again.
///
/// A `Chat.Seat` is what a page knows and does not save: who else is in the room.
void add_chat(database& data, xas& runtime, const app_settings& settings);

}  // namespace flowcast::demo
