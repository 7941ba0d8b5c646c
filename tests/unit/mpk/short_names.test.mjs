import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { shortNames } from "../../../packaging/mpk/short_names.mjs";

const core = readFileSync(process.env.FLOWCAST_WASM || new URL("../../../build/wasm/widget-wasm/flowcast.wasm", import.meta.url));
const boundary = (wasm) => {
  const module = new WebAssembly.Module(wasm);
  return [...WebAssembly.Module.imports(module), ...WebAssembly.Module.exports(module)].map(({ name, kind }) => [name, kind]);
};

test("names of the boundary are short, each has its own, and nothing else changes", () => {
  const { wasm, names } = shortNames(core);
  assert.ok(WebAssembly.validate(wasm));
  assert.equal(new Set(Object.values(names)).size, Object.keys(names).length);
  assert.deepEqual(boundary(wasm), boundary(core).map(([name, kind]) => [names[name] ?? name, kind]));
  assert.ok(Object.keys(names).includes("create_hub"));
  assert.ok(boundary(wasm).some(([name]) => name === "memory"), "what is not the boundary's alone keeps its name");
});

test("twice is the same", () => {
  assert.deepEqual(shortNames(core), shortNames(core));
});
