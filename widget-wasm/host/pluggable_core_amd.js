/** The core for the pluggable widget in the Dojo client, and where its replacement is. */
import amd from "require";
import packed from "flowcast/core.deflate";
import { loadFallbackScript } from "./fallback_script.js";
import { inflate } from "./inflate.js";

const places = () => [
  amd.toUrl("./assets/core_fallback.js"),
  mx.appUrl + "widgets/io/flowcast/flowcast/assets/core_fallback.js",
];

export default { wasm: () => inflate(packed), loadFallback: () => loadFallbackScript(places()) };
