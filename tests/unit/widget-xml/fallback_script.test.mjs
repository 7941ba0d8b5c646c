import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { loadFallbackScript } from "../../../widget-wasm/host/fallback_script.js";

const NAME = Symbol.for("flowcast/fallback");
const fallback = { instantiate() {} };
let asked;

/** A page that finds scripts at some places, and among them those that are ours. */
function install(found, ours) {
  asked = [];
  globalThis[NAME] = undefined;
  globalThis.document = {
    createElement: () => ({}),
    head: {
      appendChild(script) {
        asked.push(script.src);
        if (ours.includes(script.src)) globalThis[NAME] = fallback;
        queueMicrotask(() => (found.includes(script.src) ? script.onload() : script.onerror()));
      },
    },
  };
}

beforeEach(() => install([], []));

test("it tries one place after the other, until it is there", async () => {
  install(["b", "c"], ["c"]);
  assert.equal(await loadFallbackScript(["a", "b", "c", "d"]), fallback);
  assert.deepEqual(asked, ["a", "b", "c"]);
});

test("where it is nowhere, that is an error that names a place", async () => {
  await assert.rejects(loadFallbackScript(["a", "b"]), /b$/);
});
