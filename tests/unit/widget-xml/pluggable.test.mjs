import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { FakeAction, FakeAttribute, loading, text } from "./support/fake_mendix.mjs";
import { FakeNode, installClock, installPage, said } from "./support/fake_page.mjs";
import { loadHost } from "./support/host.mjs";

const { host, bridge, react } = await loadHost("pluggable.js");
let clock;
let number = 0;

beforeEach(() => {
  installPage();
  clock = installClock();
});
afterEach(() => clock.restore());

const objects = (...ids) => ({ status: "available", items: ids.map((id) => ({ id })), reload() {} });

/** Actions of a list: one an object. */
class ListAction {
  of = new Map();
  at(item) {
    if (!this.of.has(item.id)) this.of.set(item.id, new FakeAction());
    return this.of.get(item.id);
  }
  value = () => ({ get: (item) => this.at(item).value() });
}

/** A widget on a page; `props` are functions where the page gives something new with each render. */
function place(given = {}) {
  const url = `http://server${number++}`;
  const defaults = {
    class: "",
    watch: "objects",
    objects: objects("1", "2"),
    service: text("microflow"),
    url: text(url),
    handlers: [],
    throttle: 0,
    spread: 0,
    refreshAfterGap: true,
    reloadDatasource: false,
    ignoreOwn: false,
    ownField: "origin",
    showStatus: "problems",
    keyField: "text",
    payloadField: "",
  };
  const node = new FakeNode("div");
  const mounted = react.mount(host.Flowcast, node);
  const page = {
    node,
    given: { ...defaults, ...given },
    render(changed = {}) {
      Object.assign(page.given, changed);
      mounted.render(Object.fromEntries(Object.entries(page.given).map(([key, value]) => [key, typeof value === "function" ? value() : value])));
      return page;
    },
    unmount: () => mounted.unmount(),
    get element() {
      return mounted.element;
    },
    get hub() {
      return bridge.hubs.get(page.given.url.value);
    },
    get listener() {
      return page.hub?.present[0];
    },
  };
  return page.render();
}

test("it listens to all objects of its data source, and follows them", () => {
  const page = place({ action: new FakeAction().value() });
  assert.deepEqual(page.listener.interest.keys, ["1", "2"]);
  page.render({ objects: objects("2", "3") });
  assert.deepEqual(page.listener.keys, ["2", "3"]);
  page.render({ objects: { status: "loading", items: undefined } });
  assert.deepEqual(page.listener.keys, ["2", "3"], "what is being read is not nothing");
  page.render({ objects: { status: "unavailable", items: undefined } });
  assert.deepEqual(page.listener.keys, []);
  assert.equal(page.hub.listeners.length, 1);
});

test("it connects once its data source has been read, so that who sees it connected is heard", () => {
  const page = place({ objects: { status: "loading", items: undefined } });
  assert.equal(page.hub, undefined);
  page.render({ objects: objects("1") });
  assert.deepEqual(page.listener.interest.keys, ["1"]);
});

test("it connects once the expression for its key has been read", () => {
  const page = place({ watch: "key", objectKey: loading() });
  assert.equal(page.hub, undefined);
  page.render({ objectKey: text("A-1") });
  assert.deepEqual(page.listener.interest.keys, ["A-1"]);
});

test("objects may have a key of their own", () => {
  const page = place({ itemKey: { get: (item) => text("order-" + item.id) } });
  assert.deepEqual(page.listener.keys, ["order-1", "order-2"]);
});

test("it listens to one key, or to everything", () => {
  const page = place({ watch: "key", objectKey: text("A-1") });
  assert.deepEqual(page.listener.keys, ["A-1"]);
  page.render({ objectKey: text("") });
  assert.deepEqual(page.listener.keys, []);
  assert.equal(place({ watch: "service" }).listener.keys, null);
});

test("only the changed object's action runs, one run a key", () => {
  const rows = new ListAction();
  const page = place({ itemAction: rows.value });
  assert.deepEqual(page.listener.actions.map(({ options }) => options.perKey), [true]);
  page.listener.publish("patched", "2", { price: 5 });
  assert.deepEqual([...rows.of.keys()], ["2"]);
  assert.deepEqual(rows.of.get("2").executions, [{ payload: '{"text":"2","price":5}', event: "patched", key: "2", sequence: "1" }]);
});

test("an object that is gone has no action to run", () => {
  const rows = new ListAction();
  const page = place({ itemAction: rows.value });
  page.listener.publish("patched", "77");
  assert.equal(page.listener.actions[0].done, 1);
});

test("a run is over when Mendix's is, so that a burst is never dropped", () => {
  const action = new FakeAction();
  const page = place({ action: () => action.value() });
  page.listener.publish("patched", "1");
  page.render();
  assert.equal(page.listener.actions[0].running, 1);
  action.end();
  page.render();
  assert.equal(page.listener.actions[0].running, 0);
  page.listener.publish("patched", "2");
  assert.equal(action.dropped, 0);
  assert.deepEqual(action.executions.map(({ sequence }) => sequence), ["1", "2"]);
});

test("missed changes say so", () => {
  const action = new FakeAction();
  const page = place({ action: () => action.value() });
  page.listener.miss();
  assert.deepEqual(action.executions, [{ payload: "", event: "missed", key: "", sequence: "1" }]);
});

test("a particular event runs its own actions", () => {
  const action = new FakeAction();
  const close = new FakeAction();
  const row = new ListAction();
  const handlers = () => [
    { event: "removed", eventAction: close.value() },
    { event: "custom", customEvent: "shipped", eventItemAction: row.value() },
  ];
  const page = place({ action: () => action.value(), handlers });
  page.listener.publish("removed", "1");
  page.listener.publish("shipped", "2");
  assert.equal(action.executions.length, 0);
  assert.deepEqual(close.executions.map(({ event }) => event), ["removed"]);
  assert.deepEqual([...row.of.keys()], ["2"]);
});

test("the payload attribute is written before the action runs, with the field chosen", () => {
  const attribute = new FakeAttribute("p");
  let seen;
  const action = { canExecute: true, isExecuting: false, execute: () => (seen = attribute.value) };
  const page = place({ action, payloadAttribute: attribute, payloadField: "price" });
  page.listener.publish("patched", "1", '{"price":9007199254740993}');
  assert.equal(seen, "9007199254740993");
});

test("a payload that the action emptied is written again", () => {
  const attribute = new FakeAttribute("p");
  const page = place({ payloadAttribute: attribute });
  for (let i = 0; i < 2; i++) {
    page.listener.publish("patched", "1", "5");
    assert.equal(attribute.value, "5");
    attribute.value = "";
  }
});

test("the payload attribute is enough: no action is needed", () => {
  const attribute = new FakeAttribute("p");
  const page = place({ payloadAttribute: attribute });
  page.listener.publish("patched", "1", { a: 1 });
  assert.equal(attribute.value, '{"text":"1","a":1}');
  assert.equal(page.listener.actions[0].running, 0);
});

test("its data source can be read again", () => {
  let reloads = 0;
  const page = place({ objects: { ...objects("1"), reload: () => reloads++ }, reloadDatasource: true });
  page.listener.publish("patched", "1");
  assert.equal(reloads, 1);
});

test("pace, missed and own changes are passed on", () => {
  const page = place({ action: new FakeAction().value(), throttle: 5, spread: 6, refreshAfterGap: false, ignoreOwn: true, ownValue: text("me") });
  assert.deepEqual(page.listener.interest.own, { field: "origin", value: "me" });
  assert.deepEqual(page.listener.actions[0].options, { throttle: 5, spread: 6, ignoreMissed: true, ignoreOwn: true, payloadField: "" });
});

test("it waits for its expressions, and listens anew when they change", () => {
  const page = place({ service: loading() });
  assert.equal(page.hub, undefined);
  page.render({ service: text("orders") });
  assert.equal(page.listener.interest.service, "orders");
  page.render({ service: text("stock") });
  assert.equal(page.listener.interest.service, "stock");
  assert.equal(page.hub.present.length, 1);
});

test("it stops listening while the object that its server's URL is read from is not there", () => {
  const page = place();
  const { url } = page.given;
  page.render({ url: { status: "unavailable", value: undefined } });
  assert.equal(bridge.hubs.get(url.value).present.length, 0);
  assert.equal(bridge.hubs.has(""), false);
  page.render({ url });
  assert.equal(page.hub.present.length, 1);
});

test("rendering again changes nothing", () => {
  const page = place({ action: new FakeAction().value() });
  const { listener } = page;
  for (let i = 0; i < 10; i++) page.render({ objects: objects("1", "2") });
  assert.equal(page.listener, listener);
  assert.equal(listener.actions.length, 1);
});

test("unmounting releases everything, and mounting again listens again", () => {
  const page = place({ action: new FakeAction().value() });
  page.unmount();
  assert.equal(page.hub.present.length, 0);
  page.render(); // React's strict mode does this to every component
  assert.equal(page.hub.present.length, 1);
});

test("a token is sent, and a new one without listening anew", () => {
  const page = place({ token: text("one") });
  assert.equal(page.listener.interest.token, "one");
  const { listener } = page;
  page.render({ token: text("two") });
  assert.equal(listener.token, "two");
  assert.equal(page.render().listener, listener);
  assert.equal(listener.tokens, 1);
});

test("without a token it asks for one, and connects when it is there", () => {
  const fetch = new FakeAction();
  const page = place({ token: text(""), onTokenNeeded: () => fetch.value() });
  assert.equal(page.hub, undefined);
  clock.pass(0);
  assert.equal(fetch.executions.length, 1);
  page.render({ token: text("fresh") });
  assert.equal(page.listener.interest.token, "fresh");
});

test("a refused token is asked for again, no more than every 30 s, until one is taken", () => {
  const fetch = new FakeAction();
  const page = place({ token: text("old"), onTokenNeeded: () => fetch.value() });
  const settle = () => {
    page.render();
    fetch.end();
    page.render();
  };
  page.hub.tell("refused", "token");
  clock.pass(0);
  assert.equal(fetch.executions.length, 1);
  settle();
  clock.pass(29999);
  assert.equal(fetch.executions.length, 1);
  clock.pass(1);
  assert.equal(fetch.executions.length, 2);
  settle();
  page.hub.tell("connected");
  clock.pass(60000);
  assert.equal(fetch.executions.length, 2);
});

test("connecting and losing the connection run their actions", () => {
  const on = new FakeAction();
  const off = new FakeAction();
  const page = place({ onConnect: () => on.value(), onDisconnect: () => off.value() });
  page.hub.tell("connected");
  page.hub.tell("disconnected", "lost");
  assert.deepEqual([on.executions.length, off.executions.length], [1, 1]);
});

test("the status attribute says it in words", () => {
  const attribute = new FakeAttribute("s");
  const page = place({ statusAttribute: attribute });
  page.hub.tell("refused", "token", "The server refused the token.", "Check it.");
  assert.equal(attribute.value, "refused: The server refused the token. Check it.");
  page.render().render();
  assert.deepEqual(attribute.writes.length, 2); // connecting, refused
});

test("a status attribute is written when it can be, also if it is empty then", () => {
  const attribute = Object.assign(new FakeAttribute("s", undefined), { status: "loading" });
  const page = place({ statusAttribute: attribute });
  attribute.status = "available";
  page.render();
  assert.equal(attribute.writes.length, 1);
});

test("a status attribute that changes what it is given is not written for ever", () => {
  const attribute = new FakeAttribute("s");
  attribute.setValue = (value) => {
    attribute.writes.push(value);
    attribute.value = value.slice(0, 5);
  };
  const page = place({ statusAttribute: attribute });
  for (let i = 0; i < 10; i++) page.render();
  assert.ok(attribute.writes.length <= 2);
});

test("a read-only attribute is said once", () => {
  const attribute = Object.assign(new FakeAttribute("s"), { readOnly: true });
  const lines = said("error", () => {
    const page = place({ statusAttribute: attribute });
    page.render().render();
  });
  assert.equal(lines.length, 1);
  assert.equal(attribute.writes.length, 0);
});

const state = { count: 2, names: ["Anna", "Ben"], editing: ["Ben"] };
const attributes = (...keys) => Object.fromEntries(keys.map((key) => [key, new FakeAttribute(key)]));

test("without presence and lock it claims nothing", () => {
  const page = place({ presence: "none", lock: "none" });
  assert.equal(page.hub.all.length, 1);
});

test("it says so where the server refuses its presence or its lock, as long as it does", () => {
  const shown = new FakeAttribute("s");
  const page = place({ presence: "join", lock: "open", statusAttribute: shown });
  page.hub.tell("connected");
  const locks = page.hub.claiming("locks");
  locks.onStatus({ state: "refused", cause: "service", message: "There are no locks.", help: "", detail: "" });
  assert.equal(shown.value, "refused: There are no locks.");
  page.hub.claiming("presence").onStatus(page.hub.status);
  assert.equal(shown.value, "refused: There are no locks.");
  locks.onStatus(page.hub.status);
  assert.equal(shown.value, "connected: connected.");
});

test("who is there goes into attributes, and is there again for another object", () => {
  const shown = attributes("presenceCount", "presenceNames", "presenceEditing");
  const page = place({ presence: "watch", userId: text("a"), userName: text("Anna"), ...shown });
  const listener = page.hub.claiming("presence");
  assert.deepEqual([listener.interest.keyField, listener.keys], ["key", ["1"]]);
  assert.deepEqual(listener.claimed, ["1", 0, "a", "Anna", 0]);
  listener.stands("present", state);
  assert.deepEqual(Object.values(shown).map(({ value }) => String(value)), ["2", "Anna, Ben", "Ben"]);
  page.render({ objects: objects("3") });
  assert.deepEqual(listener.keys, ["3"]);
  assert.equal(listener.claimed[0], "3");
  assert.deepEqual(Object.values(shown).map(({ value }) => String(value)), ["0", "", ""]);
});

test("a count that comes before its attribute can be written is written later", () => {
  const shown = attributes("presenceCount");
  shown.presenceCount.status = "loading";
  const page = place({ presence: "watch", ...shown });
  page.hub.claiming("presence").stands("present", state);
  assert.equal(shown.presenceCount.writes.length, 0);
  shown.presenceCount.status = "available";
  page.hub.tell("connected");
  page.render().render();
  assert.equal(String(shown.presenceCount.value), "2");
  assert.equal(shown.presenceCount.writes.length, 1);
});

test("input in the data view is editing, until a change of the object is published", () => {
  const page = place({ presence: "join", userId: text("a"), lock: "edit", lockTtl: 9000, userName: text("Anna") });
  const claimed = () => ["presence", "locks"].map((service) => page.hub.claiming(service).claimed[1]);
  assert.deepEqual(claimed(), [1, 0]);
  document.fire("input");
  assert.deepEqual(claimed(), [2, 1]);
  assert.deepEqual(page.hub.claiming("locks").claimed, ["1", 1, "this-page", "Anna", 9000]);
  page.listener.publish("patched", "1");
  assert.deepEqual(claimed(), [1, 0]);
  document.fire("input");
  page.render({ objects: objects("2") });
  assert.deepEqual(claimed(), [1, 0], "another object is not edited");
  page.unmount();
  document.fire("input");
  assert.equal(page.hub.claiming("locks"), undefined);
  assert.equal(document.heard.input.size, 0);
});

test("editing may be an expression", () => {
  const page = place({ lock: "edit", editing: { status: "available", value: false }, lockHolder: text("anna") });
  document.fire("input");
  assert.equal(page.hub.claiming("locks").claimed[1], 0);
  page.render({ editing: { status: "available", value: true } });
  assert.deepEqual(page.hub.claiming("locks").claimed.slice(0, 3), ["1", 1, "anna"]);
});

test("who has the lock goes into attributes, and a conflict and a loss run their actions", () => {
  const shown = attributes("lockedBy", "lockedByMe");
  const conflict = new FakeAction();
  const lost = new FakeAction();
  const page = place({ lock: "open", onLockConflict: () => conflict.value(), onLockLost: () => lost.value(), ...shown });
  const values = () => Object.values(shown).map(({ value }) => value);
  const listener = page.hub.claiming("locks");
  assert.deepEqual(values(), ["", false]);
  listener.stands("refused", { name: "Ben" });
  assert.deepEqual(values(), ["Ben", false]);
  assert.equal(conflict.executions.length, 1);
  listener.stands("mine", { name: "Anna" });
  assert.deepEqual(values(), ["Anna", true]);
  assert.equal(lost.executions.length, 0);
  listener.stands("lost");
  assert.deepEqual(values(), ["", false]);
  assert.equal(lost.executions.length, 1);
});

test("a token that expires soon is asked for, while the connection goes on", () => {
  const fetch = new FakeAction();
  const page = place({ token: text("old"), onTokenNeeded: () => fetch.value() });
  page.hub.tell("connected");
  page.hub.tell("connected", "expiring");
  clock.pass(0);
  assert.equal(fetch.executions.length, 1);
  page.render({ token: text("new") });
  assert.equal(page.listener.token, "new");
  assert.equal(page.hub.listeners.length, 1);
});

test("the key is looked for in the record's field that was chosen", () => {
  assert.equal(place({ keyField: "orderNumber", action: new FakeAction().value() }).listener.interest.keyField, "orderNumber");
});

test("the status display is shown when it was asked for, in the words that were chosen", () => {
  const texts = { textConnecting: text("Soon"), textConnected: text("Live"), textDisconnected: text("Not yet"), textFailed: text("No") };
  const always = place({ showStatus: "always", ...texts });
  for (const [state, words] of [["connecting", "Soon"], ["connected", "Live"], ["disconnected", "Not yet"], ["refused", "No"], ["failed", "No"]]) {
    always.hub.tell(state);
    assert.equal(always.node.textContent, "● " + words);
  }
  const never = place({ showStatus: "never", ...texts });
  never.hub.tell("disconnected", "lost");
  assert.equal(never.node.textContent, "");
});
