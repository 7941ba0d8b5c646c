/** The script that fallback_script.js loads. */
import { instantiate } from "flowcast/core_fallback.js";

globalThis[Symbol.for("flowcast/fallback")] = { instantiate };
