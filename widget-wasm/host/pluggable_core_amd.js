/** The core for the pluggable widget in the Dojo client, and where its replacement is. */
import amd from "require";
import wasm from "flowcast/core.wasm";
import { loadFallbackScript } from "./fallback_script.js";

const places = () => [
  amd.toUrl("./assets/core_fallback.js"),
  mx.appUrl + "widgets/io/flowcast/flowcast/assets/core_fallback.js",
];

export default { wasm, loadFallback: () => loadFallbackScript(places()) };
