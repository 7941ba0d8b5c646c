import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const { build } = createRequire(root + "packaging/mpk/package.json")("esbuild");

/** What stands in for the rest of the world around a host. */
const fakes = {
  "./bridge.js": "fake_bridge.mjs",
  "./classic_core.js": "fake_core.mjs",
  "flowcast/pluggable_core": "fake_core.mjs",
  "dojo/_base/declare": "fake_declare.mjs",
  "mxui/widget/_WidgetBase": "fake_widget_base.mjs",
  react: "fake_react.mjs",
};

/** Loads a file of widget-wasm/host with fakes in place of Mendix, the page and the bridge: `{host, bridge, react}`. */
export async function loadHost(file) {
  const redirect = {
    name: "fakes",
    setup: (it) => it.onResolve({ filter: /.*/ }, ({ path }) => fakes[path] && { path: fileURLToPath(new URL(fakes[path], import.meta.url)) }),
  };
  const result = await build({
    stdin: {
      contents: `export * as host from "./${file}"; export * as bridge from "./bridge.js"; export * as react from "react";`,
      resolveDir: root + "widget-wasm/host",
    },
    bundle: true,
    format: "esm",
    write: false,
    plugins: [redirect],
    logLevel: "error",
  });
  return import("data:text/javascript;base64," + Buffer.from(result.outputFiles[0].contents).toString("base64"));
}

export { root };
