/** The core for the classic widget, and where its replacement is. */
import packed from "flowcast/core.deflate";
import amd from "require";
import { loadFallbackScript } from "./fallback_script.js";
import { unpack } from "./unpack.js";

// With the version, so that a browser does not take the replacement of another one from its cache.
const places = () => [
  amd.toUrl("./assets/core_fallback.js?" + FLOWCAST_VERSION),
  mx.appUrl + "widgets/Flowcast/widget/assets/core_fallback.js?" + FLOWCAST_VERSION,
];

export default { wasm: () => unpack(packed), loadFallback: () => loadFallbackScript(places()) };
