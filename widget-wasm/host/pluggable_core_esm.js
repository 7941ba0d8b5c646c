/**
 * The core for the pluggable widget in the React client, with its replacement. Studio Pro bundles the module into the
 * page's own script, and most versions leave other files of the package out: so both are in the module itself.
 */
import packed from "flowcast/core.deflate";
import { instantiate } from "flowcast/core_fallback.js";
import { unpack } from "./unpack.js";

export default { wasm: () => unpack(packed), loadFallback: () => Promise.resolve({ instantiate }) };
