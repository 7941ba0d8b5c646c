import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";

import { bytes, loadFallback, wasm } from "./core_module.mjs";
import { startPage } from "./page.mjs";

const module = new WebAssembly.Module(bytes);

test("the core imports what imports.js provides, and nothing else", () => {
  assert.deepEqual(
    WebAssembly.Module.imports(module)
      .map(({ module, name, kind }) => `${module}.${name} ${kind}`)
      .sort(),
    [
      "env.ask function",
      "env.is_json function",
      "env.random_fraction function",
      "env.unescape function",
    ],
  );
});

test("the core exports what the bridge calls, and nothing else", () => {
  assert.deepEqual(
    WebAssembly.Module.exports(module)
      .map(({ name, kind }) => `${name} ${kind}`)
      .sort(),
    [
      "create_hub function",
      "input function",
      "memory memory",
      "tell function",
      "tick function",
    ],
  );
});

test("the replacement in plain JavaScript has the same boundary", async () => {
  const imports = Object.fromEntries(WebAssembly.Module.imports(module).map(({ name }) => [name, () => 0]));
  const exports = (await loadFallback()).instantiate({ env: imports });
  assert.deepEqual(
    Object.keys(exports).sort(),
    WebAssembly.Module.exports(module)
      .map(({ name }) => name)
      .sort(),
  );
});

test("the wasm stays within 20,000 bytes, and 9,000 with brotli", () => {
  const compressed = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  assert.ok(bytes.length <= 20000, `${bytes.length} bytes`);
  assert.ok(compressed.length <= 9000, `${compressed.length} bytes with brotli`);
});

/** The exports of each instance that is made from now on. */
function recordInstances(t) {
  const instances = [];
  const { Instance } = WebAssembly;
  t.mock.method(WebAssembly, "Instance", function (...given) {
    const instance = new Instance(...given);
    instances.push(instance.exports);
    return instance;
  });
  return instances;
}

test("the heap stays within 256 KiB at 1,000 subscriptions, through 1,000 events and a reconnect", async (t) => {
  const instances = recordInstances(t);
  const { hub, sockets, pass } = await startPage(t, { wasm });
  const [{ memory }] = instances;
  let runs = 0;
  for (let key = 0; key < 1000; key++) {
    const listener = hub.listen({ service: "microflow", keys: [String(281474976710657n + BigInt(key))] });
    listener.action(["created", "updated", "patched", "removed"], {}, (event, done) => (runs++, done()));
  }
  for (const recovered of [false, true]) {
    sockets.latest().join({ sid: "a", offset: "e-1", recovered });
    for (let key = 0; key < 1000; key++) sockets.latest().change(String(281474976710657n + BigInt(key)));
    sockets.latest().drop();
    pass(1000);
  }
  assert.equal(runs, 2000);
  assert.ok(memory.buffer.byteLength <= 256 * 1024, `${memory.buffer.byteLength} bytes`);
});

test("memory is used again: a page that lives long does not grow", async (t) => {
  const instances = recordInstances(t);
  const { hub, sockets, pass } = await startPage(t, { wasm });
  const [{ memory }] = instances;
  const resident = hub.listen({ service: "microflow", keys: ["0"] });
  sockets.latest().join();
  let settled = 0;
  for (let visit = 0; visit < 400; visit++) {
    const keys = Array.from({ length: 20 }, (_, row) => `${visit}-${row}-${"x".repeat(visit % 50)}`);
    const listener = hub.listen({ service: "microflow", keys });
    listener.action(["created"], { perKey: true, throttle: 5 }, (event, done) => done());
    pass(10);
    keys.forEach((key) => sockets.latest().change(key, { data: "y".repeat((visit * 37) % 5000) }));
    sockets.latest().receive("2");
    listener.release();
    pass(10);
    if (visit === 150) settled = memory.buffer.byteLength;
  }
  assert.equal(memory.buffer.byteLength, settled);
  resident.release();
});

/** The names of an enum in a C++ header, in order. */
function enumerators(header, name) {
  const source = readFileSync(new URL("../../../widget-wasm/core/" + header, import.meta.url), "utf8");
  const body = source.match(new RegExp(`enum class ${name} [^{]*\\{([^}]*)\\}`))[1];
  return body
    .replace(/\/\/.*/g, "")
    .split(",")
    .map((text) => text.trim())
    .filter(Boolean);
}

test("the words are in the order of the core's numbers", async () => {
  const { CORE, FAILED, describe, notes } = await import("../../../widget-wasm/host/words.js");
  const states = enumerators("status.hpp", "connection_state");
  assert.deepEqual(
    states.map((_, state) => describe("", state, 0, "").state),
    states,
  );
  assert.equal(states[FAILED], "failed");
  const causes = enumerators("status.hpp", "cause");
  causes.slice(1).forEach((name, index) => {
    const status = describe("https://a.test", 2, index + 1, "detail");
    assert.equal(status.cause, name);
    assert.ok(status.message.length > 10);
    assert.ok(!/@/.test(status.message));
  });
  assert.equal(CORE, causes.length);
  assert.equal(notes.length, enumerators("note.hpp", "note").length);
});
