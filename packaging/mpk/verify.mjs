#!/usr/bin/env node
/**
 * Checks a widget package as built: its files, manifest, versions, keys, pictures and sizes.
 *
 *     node verify.mjs --version X.Y.Z FlowcastClassic.mpk|Flowcast.mpk…
 *
 * Prints what is wrong and exits with 1, or prints the sizes.
 */
import { execFileSync } from "node:child_process";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, inflateRawSync } from "node:zlib";

import { ALPHABET, decode } from "../../widget-wasm/host/unpack.js";
import { weave } from "../../widget-wasm/host/weave.js";

/** Bytes, past which is a fault. */
const limits = {
  script: 15000, // a widget with the core inside, with gzip
  fallback: 13000, // the core's replacement, with gzip
  core: 20000,
  "core with brotli": 9000,
};

const pictures = (widget) => ["icon", "icon.dark", "tile", "tile.dark"].map((name) => `${widget}.${name}.png`);
const packages = {
  "FlowcastClassic.mpk": {
    widget: "FlowcastClassic",
    id: "Flowcast.widget.FlowcastClassic",
    folder: "Flowcast/widget/",
    files: ["FlowcastClassic.js", "assets/core_fallback.js"],
    studioPro: ["FlowcastClassic.xml", ...pictures("FlowcastClassic")],
  },
  "Flowcast.mpk": {
    widget: "Flowcast",
    id: "io.flowcast.flowcast.Flowcast",
    folder: "io/flowcast/flowcast/",
    files: ["Flowcast.js", "Flowcast.mjs", "assets/core_fallback.js"],
    studioPro: ["Flowcast.xml", "Flowcast.editorConfig.js", "Flowcast.editorPreview.js", ...pictures("Flowcast")],
  },
};

const { values, positionals } = parseArgs({ options: { version: { type: "string" } }, allowPositionals: true });
let faults = [];

function expect(truth, fault) {
  if (!truth) faults.push(fault);
}

for (const path of positionals) {
  const name = basename(path);
  if (!packages[name]) throw new Error(`${name} is none of ${Object.keys(packages).join(", ")}`);
  faults = [];
  verify(path, packages[name]);
  faults.forEach((fault) => console.error(`${name}: ${fault}`));
  if (faults.length) process.exitCode = 1;
}

function verify(path, { widget, id, folder, files, studioPro }) {
  const read = (file) => execFileSync("unzip", ["-p", path, file], { maxBuffer: 64 << 20 });
  const present = execFileSync("unzip", ["-Z1", path], { encoding: "utf8" }).trim().split("\n");
  const expected = ["package.xml", ...studioPro, ...files.map((file) => folder + file)];
  for (const file of expected) expect(present.includes(file), `${file} is missing`);
  for (const file of present) expect(expected.includes(file), `${file} does not belong in it`);
  if (faults.length) return;

  verifyManifest(read("package.xml").toString("utf8"), widget, folder);
  const xml = read(`${widget}.xml`).toString("utf8");
  expect(attribute(xml, "widget", "id") === id, `the widget's id is not ${id}: pages that use it would lose it`);
  for (const file of studioPro.filter((each) => each.endsWith(".png"))) verifyPicture(file, read(file));
  for (const file of files) verifyScript(folder + file, read(folder + file).toString("utf8"), xml);
}

function verifyManifest(manifest, widget, folder) {
  expect(attribute(manifest, "clientModule", "name") === widget, `package.xml: the module's name is not ${widget}`);
  expect(attribute(manifest, "clientModule", "version") === values.version, `package.xml: the version is not ${values.version}`);
  expect(attribute(manifest, "widgetFile", "path") === `${widget}.xml`, `package.xml: the widget file is not ${widget}.xml`);
  expect(attribute(manifest, "file", "path") === folder, `package.xml: the files are not in ${folder}`);
}

function verifyPicture(file, png) {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const wanted = file.includes(".icon.") ? [64, 64] : [256, 192];
  expect(png.toString("latin1", 1, 4) === "PNG" && width === wanted[0] && height === wanted[1], `${file} is ${width}×${height}, not ${wanted.join("×")}`);
}

function verifyScript(file, code, xml) {
  const size = execFileSync("gzip", ["-9"], { input: code }).length;
  const kinds = file.endsWith(".mjs") ? ["script", "fallback"] : [file.endsWith("core_fallback.js") ? "fallback" : "script"];
  // The module for the React client has both inside: see widget-wasm/host/pluggable_core_esm.js.
  verifySize(file, size, kinds);
  expect(!/\beval\b|new Function|import\.meta/.test(code), `${file} has code that a strict Content-Security-Policy or a bundler breaks`);
  if (file.endsWith("core_fallback.js")) return;

  const keys = [...xml.matchAll(/<property key="(\w+)"/g)].map(([, key]) => key);
  // In the classic widget's declaration as `key:`, elsewhere as `.key`, or as the text "key".
  for (const key of keys) expect(new RegExp(`[.{,"]${key}\\b`).test(code), `${file} does nothing with the property ${key}`);
  const imported = [...code.matchAll(/import *\{[^}]*\} *from *"([^"]+)"/g)].map(([, name]) => name);
  if (file.endsWith(".mjs")) expect(imported.join() === "react", `${file} imports ${imported.join() || "nothing"}, not react alone`);
  const [packed] = code.match(new RegExp(`[${ALPHABET.replace(/\W/g, "\\$&")}]{4000,}`)) || [];
  expect(packed, `${file} has no core inside`);
  if (packed) verifyCore(file, packed);
}

function verifyCore(file, packed) {
  let wasm = Buffer.alloc(0);
  try {
    wasm = weave(new Uint8Array(inflateRawSync(decode(packed))).buffer);
  } catch {
    // then it is no WebAssembly
  }
  expect(WebAssembly.validate(wasm), `the core in ${file} is no WebAssembly`);
  verifySize(`the core in ${file}`, wasm.length, ["core"]);
  verifySize(`the core in ${file}, with brotli`, brotliCompressSync(wasm).length, ["core with brotli"]);
}

function verifySize(what, size, kinds) {
  const limit = kinds.map((kind) => limits[kind]).reduce((a, b) => a + b);
  console.log(`${what}: ${size} bytes of ${limit}`);
  expect(size <= limit, `${what} is ${size} bytes, more than ${limit}`);
}

function attribute(xml, element, name) {
  const [, value] = xml.match(new RegExp(`<${element}\\b[^>]*\\s${name}="([^"]*)"`)) || [];
  return value;
}
