import { showChat } from "./chat.js";
import { showDashboard } from "./dashboard.js";
import { showLockedForm } from "./locked_form.js";
import { showSharedForm } from "./shared_form.js";
import { showText } from "./text.js";

/**
 * Parts of pages that draw plain DOM, in either client: what an app would build of list views, charts and conditional
 * visibility. Each is `show(page, part, guid)`, where `page` is the client's: `session`, `form`, `content`, `said`,
 * `go`, `subscribe`, `onRemove`, `call`, and `placeWidgets`, which places the real widgets.
 */
export const plainParts = {
  chat: showChat,
  dashboard: showDashboard,
  lockedForm: showLockedForm,
  sharedForm: showSharedForm,
  text: showText,
};
