#!/usr/bin/env node
/**
 * Builds the two widget packages.
 *
 *     node build.mjs --source DIRECTORY --wasm flowcast.wasm --version X.Y.Z --out DIRECTORY
 *
 * Writes FlowcastClassic.mpk and Flowcast.mpk to --out: the same bytes from the same sources, wherever and whenever.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { build } from "esbuild";

import { fallbackModule } from "./fallback.mjs";
import { zip } from "./zip.mjs";

const { values } = parseArgs({
  options: {
    source: { type: "string" },
    wasm: { type: "string" },
    version: { type: "string" },
    out: { type: "string" },
  },
});
const source = resolve(values.source);
const host = join(source, "widget-wasm/host");
const scratch = mkdtempSync(join(tmpdir(), "flowcast-mpk-"));
const fallbackFile = join(scratch, "core_fallback.js");

/** One script of a package, as bytes. */
async function bundle(entry, { format, external = [], alias = {} }) {
  const result = await build({
    entryPoints: [join(host, entry)],
    alias: { "flowcast/core.wasm": resolve(values.wasm), "flowcast/core_fallback.js": fallbackFile, ...alias },
    loader: { ".wasm": "base64" },
    absWorkingDir: source,
    external,
    format,
    bundle: true,
    minify: true,
    legalComments: "none",
    charset: "utf8",
    target: "es2018", // Safari 12, Mendix's own baseline
    write: false,
    logLevel: "warning",
  });
  return result.outputFiles[0].text;
}

/** As AMD, which esbuild does not write: its CommonJS in a module of the Dojo client's loader. */
async function bundleAmd(entry, external, alias) {
  const code = await bundle(entry, { format: "cjs", external, alias });
  const names = external.map((_, index) => "$" + index);
  const modules = external.map((name, index) => `${JSON.stringify(name)}:$${index}`);
  return (
    `define(${JSON.stringify(external)},function(${names}){` +
    `var $m={${modules}},require=function(n){return $m[n]},module={exports:{}},exports=module.exports;` +
    `${code};return module.exports.default||module.exports});\n`
  );
}

/** What lies in the widget's folder for Studio Pro: all but what is made into something else here. */
function studioProFiles(folder) {
  const files = new Map();
  for (const name of readdirSync(join(source, "widget-xml", folder))) {
    if (/\.(png|xml|js)$/.test(name)) files.set(name, readFileSync(join(source, "widget-xml", folder, name)));
  }
  const manifest = files.get("package.xml").toString("utf8").replace("@VERSION@", values.version);
  return files.set("package.xml", Buffer.from(manifest));
}

function write(name, files) {
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, name), zip(files));
}

try {
  writeFileSync(fallbackFile, fallbackModule(values.wasm));
  const fallback = Buffer.from(await bundle("fallback_entry.js", { format: "iife" }));

  const classic = studioProFiles("classic");
  const classicExternal = ["require", "dojo/_base/declare", "mxui/widget/_WidgetBase"];
  classic.set("Flowcast/widget/FlowcastClassic.js", Buffer.from(await bundleAmd("classic.js", classicExternal)));
  classic.set("Flowcast/widget/assets/core_fallback.js", fallback);
  write("FlowcastClassic.mpk", classic);

  const pluggable = studioProFiles("pluggable");
  const folder = "io/flowcast/flowcast/";
  const amd = { "flowcast/pluggable_core": join(host, "pluggable_core_amd.js") };
  const esm = { "flowcast/pluggable_core": join(host, "pluggable_core_esm.js") };
  pluggable.set(folder + "Flowcast.js", Buffer.from(await bundleAmd("pluggable.js", ["require", "react"], amd)));
  const module = await bundle("pluggable.js", { format: "esm", external: ["react"], alias: esm });
  pluggable.set(folder + "Flowcast.mjs", Buffer.from(module));
  pluggable.set(folder + "assets/core_fallback.js", fallback);
  write("Flowcast.mpk", pluggable);
} finally {
  rmSync(scratch, { recursive: true });
}
