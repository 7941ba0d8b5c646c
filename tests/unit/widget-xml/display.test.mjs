import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { createDisplay, statusText } from "../../../widget-wasm/host/display.js";
import { FakeNode, installPage } from "./support/fake_page.mjs";

const words = { textConnected: "Live", textConnecting: "Connecting…", textDisconnected: "Not live: reconnecting…", textFailed: "Not live" };
const texts = (property) => words[property];
const connected = { state: "connected", cause: "", message: "Connected to x.", help: "", detail: "" };
const lost = { state: "disconnected", cause: "lost", message: "The connection was lost.", help: "Trying again.", detail: "1006" };

beforeEach(installPage);

/** A display on a hub of this status, or of another than what is shown of the display's own. */
function show(when, status, hub = { displays: [], status }) {
  const node = new FakeNode("div");
  const display = createDisplay(node, when, hub);
  display.show(status, texts);
  return { node, display };
}

test("a problem shows the users' words, and the developers' behind them", () => {
  const { node } = show("problems", lost);
  assert.equal(node.find("summary").textContent, "● Not live: reconnecting…");
  assert.match(node.find("details").textContent, /The connection was lost\. “1006” Trying again\.$/);
  assert.equal(node.find("details").className, "flowcast-status flowcast-status--disconnected");
});

test("where all is well it shows something only if it always shows something", () => {
  assert.equal(show("problems", connected).node.textContent, "");
  assert.equal(show("always", connected).node.textContent, "● Live");
  assert.equal(show("never", lost).node.textContent, "");
});

test("it goes when the problem does", () => {
  const { node, display } = show("problems", lost);
  display.show(connected, texts);
  assert.equal(node.textContent, "");
});

test("screen readers hear of it, and not of its dot", () => {
  const { node } = show("problems", lost);
  assert.equal(node.attributes.role, "status");
  assert.equal(node.find("span").attributes["aria-hidden"], "true");
  assert.equal(show("never", lost).node.attributes.role, undefined);
});

test("of many widgets on one server, one shows the problem, and the next when it goes", () => {
  const shared = { displays: [], status: lost };
  const widgets = [1, 2, 3].map(() => show("problems", lost, shared));
  const shown = () => widgets.map(({ node }) => Boolean(node.textContent));
  assert.deepEqual(shown(), [true, false, false]);
  assert.deepEqual(widgets.map(({ node }) => node.attributes.role), ["status", undefined, undefined]);
  widgets[0].display.release();
  assert.deepEqual(shown(), [false, true, false]);
  assert.equal(show("problems", lost).node.textContent !== "", true);
});

test("what is refused to one widget alone, that one shows, whichever is the first", () => {
  const shared = { displays: [], status: connected };
  const refused = { state: "refused", cause: "service", message: "x does not have this service.", help: "", detail: "" };
  const widgets = [connected, refused, connected].map((status) => show("problems", status, shared));
  assert.deepEqual(widgets.map(({ node }) => node.textContent !== ""), [false, true, false]);
  assert.equal(widgets[1].node.attributes.role, "status");
  assert.equal(show("never", refused, shared).node.textContent, "");
  widgets[1].display.show(connected, texts);
  assert.equal(widgets[1].node.textContent, "");
});

test("without a text of its own it says what is the case", () => {
  const { node, display } = show("always", connected);
  display.show(connected, () => "");
  assert.match(node.textContent, /Connected to x\./);
});

test("the same status is not drawn again: an open disclosure stays open", () => {
  const { node, display } = show("problems", lost);
  const details = node.find("details");
  display.show({ ...lost }, (property) => words[property]);
  assert.equal(node.find("details"), details);
});

test("the status attribute's text starts with the state and has at most 200 characters", () => {
  assert.equal(statusText(connected), "connected: Connected to x.");
  const long = statusText({ ...lost, help: "x".repeat(500) });
  assert.equal(long.length, 200);
  assert.match(long, /^disconnected: .*…$/);
});
