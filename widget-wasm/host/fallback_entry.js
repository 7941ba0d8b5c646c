/** The script that fallback_script.js loads. */
import * as fallback from "flowcast/core_fallback.js";

globalThis[Symbol.for("flowcast/fallback")] = fallback;
