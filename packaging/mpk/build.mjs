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
import { minify } from "terser";

import { ALPHABET } from "../../widget-wasm/host/unpack.js";
import { fallbackModule } from "./fallback.mjs";
import { pack } from "./pack.mjs";
import { shortNames } from "./short_names.mjs";
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
const core = shortNames(readFileSync(values.wasm));
const wasmFile = join(scratch, "core.wasm");
const packedFile = join(scratch, "core.deflate");
const fallbackFile = join(scratch, "core_fallback.js");

/** What the host's own parts call each other: neither a page nor another bundle sees it. */
const INTERNAL = "wasm loadFallback imports connect started events enter put flush drop step follow look ready busy start seen timer waiting entry show done running".split(" ");

/** One script of a package. */
async function bundle(entry, { format, external = [], alias = {} }) {
  const result = await build({
    entryPoints: [join(host, entry)],
    alias: { "flowcast/core.deflate": packedFile, "flowcast/core_fallback.js": fallbackFile, ...alias },
    loader: { ".deflate": "text" },
    mangleProps: new RegExp(`^(${[...Object.keys(core.names), ...INTERNAL].join("|")})$`),
    mangleCache: core.names,
    define: { FLOWCAST_VERSION: JSON.stringify(values.version) },
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
  // esbuild bundles, terser is the better packer: a third of a kilobyte that every page loads.
  const { code } = await minify(result.outputFiles[0].text, {
    ecma: 2018,
    module: format === "esm",
    compress: { passes: 3, sequences: false, lhs_constants: false, unsafe_arrows: true, unsafe_methods: true, pure_getters: true },
    mangle: { properties: { regex: /^_[a-z]/, reserved: ["_initialize"] } }, // a widget's own
    format: { inline_script: false }, // it is none, and its escapes would tear the core apart
  });
  return code;
}

/** The core at the beginning, and by itself: what comes after it then is better packed by gzip. */
function coreFirst(code) {
  const core = new RegExp(`(["'])[${ALPHABET.replace(/\W/g, "\\$&")}]{4000,}\\1`);
  const [literal] = code.match(core) || [];
  return literal ? `var flowcastCore=${literal};${code.replace(literal, () => "flowcastCore")}` : code;
}

/** As AMD, which esbuild does not write: what its module imports and exports becomes what the loader gives and gets. */
async function bundleAmd(entry, external, alias) {
  const exported = [];
  const received = external.map((_, index) => "given" + index);
  const code = coreFirst(await bundle(entry, { format: "esm", external, alias }))
    .replace(/import *([^;"]*?) *from"([^"]+)";/g, (_, names, from) => {
      return `var ${names.replace(/ as /g, ":")}=${received[external.indexOf(from)]};`;
    })
    .replace(/export\{([^}]*)\};?\s*$/, (_, names) => {
      names.split(",").forEach((name) => exported.push(name.split(" as ")));
      return "";
    });
  if (exported.length !== 1) throw new Error(`${entry} has to export one thing`);
  const [[local, name]] = exported;
  const result = name === "default" ? local : `{${name}:${local}}`;
  return `define(${JSON.stringify(external)},function(${received}){${code}return ${result}});\n`;
}

/** What Studio Pro reads of a package: what lies in the widget's folder, and the drawings that both share. */
function studioProFiles(folder, widget) {
  const files = new Map();
  const read = (...path) => readFileSync(join(source, "widget-xml", ...path));
  for (const name of readdirSync(join(source, "widget-xml", folder))) files.set(name, read(folder, name));
  for (const name of ["icon", "icon.dark", "tile", "tile.dark"]) files.set(`${widget}.${name}.png`, read("icons", `${name}.png`));
  const change = (name, from, to) => files.set(name, Buffer.from(files.get(name).toString("utf8").replace(from, to)));
  change("package.xml", "@VERSION@", values.version);
  // Before Mendix 9 the toolbox has no other icon than this.
  change(`${widget}.xml`, "\n    <properties>", `\n    <icon>${read("icons", "toolbox.png").toString("base64")}</icon>$&`);
  return files;
}

function write(name, files) {
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, name), zip(files));
}

try {
  writeFileSync(wasmFile, core.wasm);
  writeFileSync(packedFile, pack(core.wasm));
  writeFileSync(fallbackFile, fallbackModule(wasmFile));
  const fallback = Buffer.from(await bundle("fallback_entry.js", { format: "iife" }));

  const classic = studioProFiles("classic", "FlowcastClassic");
  const classicExternal = ["require", "dojo/_base/declare", "mxui/widget/_WidgetBase"];
  classic.set("Flowcast/widget/FlowcastClassic.js", Buffer.from(await bundleAmd("classic.js", classicExternal)));
  classic.set("Flowcast/widget/assets/core_fallback.js", fallback);
  write("FlowcastClassic.mpk", classic);

  const pluggable = studioProFiles("pluggable", "Flowcast");
  const folder = "io/flowcast/flowcast/";
  const amd = { "flowcast/pluggable_core": join(host, "pluggable_core_amd.js") };
  const esm = { "flowcast/pluggable_core": join(host, "pluggable_core_esm.js") };
  pluggable.set(folder + "Flowcast.js", Buffer.from(await bundleAmd("pluggable.js", ["react"], amd)));
  const module = await bundle("pluggable.js", { format: "esm", external: ["react"], alias: esm });
  pluggable.set(folder + "Flowcast.mjs", Buffer.from(module));
  pluggable.set(folder + "assets/core_fallback.js", fallback);
  write("Flowcast.mpk", pluggable);
} finally {
  rmSync(scratch, { recursive: true });
}
