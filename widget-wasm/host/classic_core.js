/** The core for the classic widget, and where its replacement is. */
import amd from "require";
import packed from "flowcast/core.deflate";
import { loadFallbackScript } from "./fallback_script.js";
import { inflate } from "./inflate.js";

const places = () => [
  amd.toUrl("./assets/core_fallback.js"),
  mx.appUrl + "widgets/Flowcast/widget/assets/core_fallback.js",
];

export default { wasm: () => inflate(packed), loadFallback: () => loadFallbackScript(places()) };
