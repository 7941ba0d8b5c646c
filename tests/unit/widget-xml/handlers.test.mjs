import assert from "node:assert/strict";
import test from "node:test";

import { handlersOf } from "../../../widget-wasm/host/handlers.js";

const events = (handlers) => handlers.map((handler) => handler.events.join(" "));

test("the widget's own action runs for every change", () => {
  assert.deepEqual(events(handlersOf(true, [], true)), ["created updated patched removed"]);
});

test("an event with an entry of its own does not run the widget's own action", () => {
  const handlers = handlersOf(true, [{ event: "removed" }, { event: "custom", customEvent: " shipped " }], true);
  assert.deepEqual(events(handlers), ["created updated patched", "removed", "shipped"]);
});

test("without an action of its own there are only the entries, and one without a name is none", () => {
  assert.deepEqual(events(handlersOf(false, [{ event: "patched" }, { event: "custom", customEvent: "" }], true)), ["patched"]);
  assert.deepEqual(handlersOf(false, null, true), []);
});

test("after missed changes everything runs but what is for removed", () => {
  const handlers = handlersOf(true, [{ event: "removed" }, { event: "patched" }], true);
  assert.deepEqual(handlers.map((handler) => handler.ignoreMissed), [false, true, false]);
});

test("after missed changes what is for removed runs where nothing else does", () => {
  assert.equal(handlersOf(false, [{ event: "removed" }], true)[0].ignoreMissed, false);
});

test("refreshing after missed changes can be off", () => {
  assert.ok(handlersOf(true, [{ event: "patched" }], false).every((handler) => handler.ignoreMissed));
});
