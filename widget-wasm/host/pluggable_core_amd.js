/** The core for the pluggable widget in the Dojo client, and where its replacement is. */
import packed from "flowcast/core.deflate";
import { loadFallbackScript } from "./fallback_script.js";
import { unpack } from "./unpack.js";

// With the version, so that a browser does not take the replacement of another one from its cache.
const place = () => mx.appUrl + "widgets/io/flowcast/flowcast/assets/core_fallback.js?" + FLOWCAST_VERSION;

export default { wasm: () => unpack(packed), loadFallback: () => loadFallbackScript([place()]) };
