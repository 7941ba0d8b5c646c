import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { unweave } from "../../../packaging/mpk/unweave.mjs";
import { weave } from "../../../widget-wasm/host/weave.js";

const core = readFileSync(process.env.FLOWCAST_WASM || new URL("../../../build/wasm/widget-wasm/flowcast.wasm", import.meta.url));

const there = (wasm) => new Uint8Array(unweave(Buffer.from(wasm))).buffer;
const thereAndBack = (wasm) => weave(there(wasm));

/** A module of functions without parameters or results, the last of which can be run. */
function moduleOf(...bodies) {
  const section = (id, bytes) => [id, bytes.length, ...bytes];
  const functions = bodies.map((body) => [body.length + 1, ...body, 0x0b]);
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 0, 0]),
    ...section(3, [bodies.length, ...bodies.map(() => 0)]),
    ...section(4, [1, 0x70, 0, 1]),
    ...section(5, [1, 0, 1]),
    ...section(6, [1, 0x7f, 1, 0x41, 7, 0x0b]),
    ...section(7, [2, 1, 0x6d, 2, 0, 3, 0x72, 0x75, 0x6e, 0, bodies.length - 1]),
    ...section(9, [1, 0, 0x41, 0, 0x0b, 1, 0]),
    ...section(10, [bodies.length, ...functions.flat()]),
    ...section(11, [1, 0, 0x41, 60, 0x0b, 4, 1, 2, 3, 4]),
  ]);
}

/** What memory holds. */
function result(wasm) {
  const { run, m } = new WebAssembly.Instance(new WebAssembly.Module(wasm)).exports;
  run();
  return new Uint8Array(m.buffer, 0, 64);
}

const STORE = 0x36;
const every = moduleOf(
  // An i32 twice, read back with another alignment; the memory's size; a global.
  [0, 0x41, 4, 0x41, 0xd2, 0x09, STORE, 2, 0, 0x41, 8, 0x41, 0, 0x28, 2, 4, STORE, 0, 0, 0x41, 12, 0x3f, 0, STORE, 2, 0, 0x41, 7, 0x24, 0, 0x41, 16, 0x23, 0, STORE, 2, 0],
  // Variables of two types, a long, a double; a call, one by the table; branches out of blocks, one by a table.
  [
    ...[2, 2, 0x7f, 1, 0x7e, 0x41, 20, 0x21, 0, 0x20, 0, 0x22, 1, 0x42, 0xc3, 0x8a, 3, 0x22, 2, 0x37, 3, 0],
    ...[0x20, 1, 0x44, 1, 2, 0xf8, 4, 5, 6, 0xf0, 0x3f, 0x39, 3, 8, 0x10, 0, 0x41, 0, 0x11, 0, 0],
    ...[0x02, 0x40, 0x02, 0x40, 0x41, 1, 0x0e, 1, 0, 1, 0x0b, 0x41, 40, 0x41, 1, STORE, 2, 0, 0x0b],
    ...[0x03, 0x40, 0x41, 1, 0x04, 0x40, 0x0c, 0, 0x05, 0x41, 44, 0x41, 2, STORE, 2, 0, 0x0b, 0x0b],
  ],
);

test("what is woven back does the same", () => {
  assert.ok(WebAssembly.validate(every));
  assert.deepEqual(result(thereAndBack(every)), result(every));
});

test("the core comes back with the same boundary, and parts into the same streams again", () => {
  const back = thereAndBack(core);
  const boundary = (wasm) => [...WebAssembly.Module.imports(new WebAssembly.Module(wasm)), ...WebAssembly.Module.exports(new WebAssembly.Module(wasm))];
  assert.deepEqual(boundary(back), boundary(core));
  assert.deepEqual(there(back), there(core));
});

test("what is not known is an error where it is built, and not on a page", () => {
  assert.throws(() => unweave(Buffer.from(moduleOf([0, 0x43, 0, 0, 0, 0, 0x1a]))), /does not know the instruction 67/);
  assert.throws(() => unweave(Buffer.from(moduleOf([0, 0xfc, 0x0b, 0]))), /does not know the instruction 252/);
  assert.throws(() => unweave(core.subarray(0, 8)), /has no code/);
});
