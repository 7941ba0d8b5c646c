/**
 * The core for the pluggable widget in the React client, with its replacement. Studio Pro bundles the module into the
 * page's own script, and most versions leave other files of the package out: so both are in the module itself.
 */
import packed from "flowcast/core.deflate";
import { instantiate } from "flowcast/core_fallback.js";
import { inflate } from "./inflate.js";

export default { wasm: () => inflate(packed), loadFallback: () => Promise.resolve({ instantiate }) };
