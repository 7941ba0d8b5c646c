import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { MxObject, installMx } from "./support/fake_mendix.mjs";
import { FakeNode, installClock, installPage, said } from "./support/fake_page.mjs";
import { loadHost } from "./support/host.mjs";

const CHANGES = ["created", "updated", "patched", "removed"];
const { host, bridge } = await loadHost("classic.js");
let world;
let number = 0;

beforeEach(() => {
  installPage();
  world = installMx();
});

/** What the page sets where nothing was chosen: the defaults of the XML. */
const defaults = { handlers: [], throttle: 0, spread: 0, refreshAfterGap: true, showStatus: "problems", presence: "none", lock: "none", lockTtl: 30000, keyField: "text", payloadField: "" };

/** A widget on a page, with a context object unless told otherwise. */
function place(properties = {}, object = new MxObject("281474976710657")) {
  const url = properties.url ?? `http://server${number++}`;
  const widget = new host.default({ ...defaults, service: "microflow", url, microflow: "Orders.Refresh", ...properties }, new FakeNode("div"));
  widget.update(object, null);
  return { widget, object, hub: bridge.hubs.get(url), listener: bridge.hubs.get(url)?.listeners.at(-1) };
}

test("it listens to the GUID of its context object, and runs its microflow with it", () => {
  const { listener, object, widget } = place();
  assert.deepEqual(listener.interest, { service: "microflow", keys: ["281474976710657"], keyField: "text", token: "" });
  assert.deepEqual(listener.actions.map(({ events }) => events), [CHANGES]);
  listener.publish("created", object.guid);
  const [{ request }] = world.calls;
  assert.deepEqual(request.params, { actionname: "Orders.Refresh", applyto: "selection", guids: [object.guid] });
  assert.equal(request.origin, widget.mxform);
});

test("an action is over when its microflow is, also when that failed", () => {
  const { listener, object } = place();
  listener.publish("created", object.guid);
  assert.equal(listener.actions[0].running, 1);
  world.calls[0].end();
  assert.equal(listener.actions[0].running, 0);
  listener.publish("created", object.guid);
  const lines = said("error", () => world.calls[1].fail(new Error("no connection")));
  assert.equal(listener.actions[0].running, 0);
  assert.match(lines[0], /Orders\.Refresh failed/);
});

test("it calls mx.ui.action where there is no mx.data.action", () => {
  world = installMx({ withDataAction: false });
  const { listener, object } = place();
  listener.publish("created", object.guid);
  assert.deepEqual(world.calls.map(({ kind, name }) => [kind, name]), [["ui.action", "Orders.Refresh"]]);
  world.calls[0].end();
  assert.equal(listener.actions[0].running, 0);
});

test("it always calls back, with and without an object", () => {
  const { widget } = place();
  let calls = 0;
  widget.update(null, () => calls++);
  widget.update(new MxObject("2"), () => calls++);
  assert.equal(calls, 2);
});

test("it follows its context object without connecting again", () => {
  const { widget, hub, listener } = place();
  widget.update(new MxObject("2"));
  assert.deepEqual(listener.keys, ["2"]);
  widget.update(null);
  assert.deepEqual(listener.keys, []);
  assert.equal(hub.listeners.length, 1);
});

test("without an object it waits for one", () => {
  const url = "http://nobody";
  const { widget } = place({ url }, null);
  assert.equal(bridge.hubs.has(url), false);
  widget.update(new MxObject("5"));
  assert.deepEqual(bridge.hubs.get(url).present[0].keys, ["5"]);
});

test("uninitialize releases the listener", () => {
  const { widget, hub } = place();
  widget.uninitialize();
  assert.equal(hub.present.length, 0);
});

test("a key attribute goes before the GUID, and its changes are followed", () => {
  const { widget, object, listener } = place({ keyAttribute: "Number" }, new MxObject("1", { Number: "A-1" }));
  assert.deepEqual(listener.keys, ["A-1"]);
  object.set("Number", { toString: () => "4611686018427387905" }); // a Long, as big.js
  widget.subscriptions.find(({ attr }) => attr === "Number").callback();
  assert.deepEqual(listener.keys, ["4611686018427387905"]);
  object.set("Number", null);
  widget.subscriptions.find(({ attr }) => !attr).callback();
  assert.deepEqual(listener.keys, []);
});

test("the nanoflow runs with the object, after the microflow", () => {
  const nanoflow = { nanoflow: ["N"], paramsSpec: {} };
  const { listener, object } = place({ nanoflow });
  listener.publish("patched", object.guid);
  assert.deepEqual(world.names(), ["Orders.Refresh"]);
  world.calls[0].end();
  assert.equal(world.calls[1].name, nanoflow);
  assert.equal(world.calls[1].request.context.object, object);
  assert.equal(listener.actions[0].running, 1);
  world.calls[1].end();
  assert.equal(listener.actions[0].running, 0);
});

test("a nanoflow property without a nanoflow is none", () => {
  const { listener, object } = place({ microflow: "", nanoflow: { nanoflow: null } });
  assert.equal(listener.actions.length, 0);
  listener.publish("patched", object.guid);
  assert.equal(world.calls.length, 0);
});

test("it can reload the page with its state", () => {
  const { listener, object } = place({ microflow: "", reloadPage: true });
  listener.publish("patched", object.guid);
  assert.equal(world.mx.reloads, 1);
});

test("it reloads the page after a gap, and not for a first connection that comes late", () => {
  const { hub, listener } = place({ microflow: "", reloadPage: true });
  listener.miss();
  hub.tell("connected");
  assert.equal(world.mx.reloads, 0, "it would be late again, and again");
  hub.tell("disconnected", "lost");
  listener.miss();
  assert.equal(world.mx.reloads, 1);
});

test("an event of the list runs its own microflow and nothing else", () => {
  const handlers = [
    { event: "removed", eventMicroflow: "Orders.Close" },
    { event: "custom", customEvent: "shipped", eventNanoflow: { nanoflow: ["S"] } },
  ];
  const { listener, object } = place({ handlers });
  listener.publish("removed", object.guid);
  listener.publish("shipped", object.guid);
  assert.deepEqual(world.names(), ["Orders.Close", handlers[1].eventNanoflow]);
});

test("the payload attribute is written before the microflow is called", () => {
  const { listener, object } = place({ payloadAttribute: "Payload", payloadField: "price" });
  let written;
  mx.data.action = () => (written = object.get("Payload"));
  listener.publish("patched", object.guid, '{"text":"1","price":9007199254740993}');
  assert.equal(written, "9007199254740993");
  listener.miss();
  assert.equal(written, "");
});

test("an attribute that this user may not change is said once", () => {
  const object = new MxObject("1");
  object.readonly = ["Payload"];
  const { listener } = place({ payloadAttribute: "Payload" }, object);
  const lines = said("error", () => ["a", "b"].forEach((note) => listener.publish("patched", "1", { note })));
  assert.equal(lines.length, 1);
  assert.match(lines[0], /Payload/);
});

test("pace and missed changes are passed on", () => {
  const { listener } = place({ throttle: 500, spread: 2000, refreshAfterGap: false });
  assert.deepEqual(listener.actions[0].options, { throttle: 500, spread: 2000, ignoreMissed: true, payloadField: "" });
  assert.equal(place().listener.actions[0].options.ignoreMissed, false);
});

test("connecting and losing the connection run their microflows once each", () => {
  const { hub } = place({ connectMicroflow: "On", disconnectMicroflow: "Off" });
  hub.tell("connected");
  hub.tell("disconnected", "lost");
  hub.tell("disconnected", "unreachable");
  hub.tell("connecting");
  hub.tell("connected");
  hub.tell("connecting"); // with another token, without a gap
  hub.tell("connected");
  assert.deepEqual(world.names(), ["On", "Off", "On"]);
});

test("the status attribute says it in words, in a string of usual length", () => {
  const { hub, object, widget } = place({ statusAttribute: "Status" });
  hub.tell("disconnected", "unreachable", "No connection.", "Is it running? ".repeat(40));
  assert.match(object.get("Status"), /^disconnected: No connection\. Is it running\?/);
  assert.equal(object.get("Status").length, 200);
  const other = new MxObject("2");
  widget.update(other);
  assert.match(other.get("Status"), /^disconnected/);
});

test("widgets that share a status attribute do not answer each other", () => {
  const object = new MxObject("1");
  const properties = { url: "http://shared", statusAttribute: "Status" };
  const widgets = [1, 2].map(() => place(properties, object).widget);
  const { set } = object;
  let times = 0;
  object.set = (...given) => {
    assert.ok(++times < 10, "it goes on and on");
    set.apply(object, given);
    widgets.forEach(({ subscriptions }) => subscriptions.forEach(({ callback }) => callback()));
  };
  bridge.hubs.get("http://shared").tell("connected");
  assert.match(object.get("Status"), /^connected/);
});

test("the token attribute is sent, and its changes are", () => {
  const { listener, widget, object } = place({ tokenAttribute: "Token" }, new MxObject("1", { Token: "one" }));
  assert.equal(listener.interest.token, "one");
  object.set("Token", "two");
  widget.subscriptions.find(({ attr }) => attr === "Token").callback();
  assert.equal(listener.token, "two");
});

test("a URL and a token from microflows are fetched once for all widgets, before they connect", () => {
  const properties = { url: "", urlMicroflow: "Get.Url1", tokenMicroflow: "Get.Token1" };
  const widgets = [1, 2, 3].map((guid) => place(properties, new MxObject(String(guid))).widget);
  assert.deepEqual(world.names(), ["Get.Url1"]);
  world.calls[0].end("http://from.microflow");
  assert.deepEqual(world.names(), ["Get.Url1", "Get.Token1"]);
  assert.equal(bridge.hubs.has("http://from.microflow"), false);
  world.calls[1].end("secret");
  const { listeners } = bridge.hubs.get("http://from.microflow");
  assert.deepEqual(listeners.map(({ interest }) => [interest.token, interest.keys[0]]), [["secret", "1"], ["secret", "2"], ["secret", "3"]]);
  assert.equal(widgets.length, 3);
});

test("a refused token is fetched again: at once when it is old, then no more than every 30 s", () => {
  const clock = installClock();
  try {
    const { hub, listener } = place({ tokenMicroflow: "Get.Token2" });
    assert.equal(hub, undefined);
    world.calls[0].end("first");
    const url = `http://server${number - 1}`;
    const own = bridge.hubs.get(url);
    clock.pass(3600000);
    own.tell("refused", "token");
    assert.equal(world.calls.length, 2);
    world.calls[1].end("second");
    assert.equal(own.listeners[0].token, "second");
    own.tell("refused", "token");
    clock.pass(29000);
    assert.equal(world.calls.length, 2);
    clock.pass(2000);
    assert.equal(world.calls.length, 3);
    assert.equal(listener, undefined);
  } finally {
    clock.restore();
  }
});

test("a token that is refused for many widgets is fetched once, for all", () => {
  const clock = installClock();
  try {
    const url = "http://many";
    const properties = { url, tokenMicroflow: "Get.Token5" };
    const fetches = () => world.names().filter((name) => name === "Get.Token5").length;
    for (const guid of ["1", "2", "3"]) place(properties, new MxObject(guid));
    world.calls[0].end("old");
    clock.pass(3600000);
    bridge.hubs.get(url).tell("refused", "token");
    clock.pass(40000);
    assert.equal(fetches(), 2);
    world.calls[1].end("new");
    assert.deepEqual(bridge.hubs.get(url).present.map(({ token }) => token), ["new", "new", "new"]);
  } finally {
    clock.restore();
  }
});

test("a microflow for the token that fails is tried again, and said", () => {
  const clock = installClock();
  try {
    place({ tokenMicroflow: "Get.Token3" });
    const lines = said("error", () => world.calls[0].fail(new Error("500")));
    assert.match(lines[0], /Get\.Token3 failed/);
    clock.pass(30000);
    world.calls[1].end("late");
    assert.equal(bridge.hubs.get(`http://server${number - 1}`).listeners[0].interest.token, "late");
  } finally {
    clock.restore();
  }
});

test("a widget that went while its token was fetched does not listen", () => {
  const { widget } = place({ tokenMicroflow: "Get.Token4" });
  widget.uninitialize();
  world.calls[0].end("t");
  assert.equal(bridge.hubs.has(`http://server${number - 1}`), false);
});

test("one widget a row: each listens for itself, on one hub", () => {
  const url = "http://list";
  const rows = Array.from({ length: 100 }, (_, row) => place({ url }, new MxObject(String(row))));
  assert.equal(bridge.hubs.get(url).present.length, 100);
  rows[7].listener.publish("patched", "7");
  assert.deepEqual(world.calls.map(({ request }) => request.params.guids), [["7"]]);
});

test("it says so where the server refuses its presence or its lock, as long as it does", () => {
  const { hub, object } = place({ presence: "join", lock: "open", statusAttribute: "Status" });
  hub.tell("connected");
  const presence = hub.claiming("presence");
  presence.onStatus({ state: "refused", cause: "service", message: "Nobody is counted.", help: "", detail: "" });
  hub.claiming("locks").onStatus(hub.status);
  assert.equal(object.values.Status, "refused: Nobody is counted.");
  presence.onStatus(hub.status);
  assert.equal(object.values.Status, "connected: connected.");
});

test("who is there, and who has the lock, goes into attributes of the object", () => {
  const names = { presenceCount: "Count", presenceNames: "Names", presenceEditing: "Editing", lockedBy: "By", lockedByMe: "Mine" };
  const { hub, object } = place({ presence: "join", lock: "open", ...names });
  assert.deepEqual(hub.claiming("presence").claimed, [object.guid, 1, "anna", "anna", 0]);
  assert.deepEqual(hub.claiming("locks").claimed, [object.guid, 1, "this-page", "anna", 30000]);
  hub.claiming("presence").stands("present", { count: 2, names: ["anna", "ben"], editing: ["ben"] });
  hub.claiming("locks").stands("mine", { name: "anna" });
  assert.deepEqual(object.values, { Count: 2, Names: "anna, ben", Editing: "ben", By: "anna", Mine: true });
});

test("user and holder may be attributes, whose changes are followed", () => {
  const object = new MxObject("1", { Id: "7", Name: "Anna A." });
  const { hub, widget } = place({ presence: "join", lock: "open", userIdAttribute: "Id", userNameAttribute: "Name", lockHolderAttribute: "Id" }, object);
  assert.deepEqual(hub.claiming("presence").claimed, ["1", 1, "7", "Anna A.", 0]);
  assert.deepEqual(hub.claiming("locks").claimed.slice(2, 4), ["7", "Anna A."]);
  object.set("Name", "Anna B.");
  widget.subscriptions.find(({ attr }) => attr === "Name").callback();
  assert.equal(hub.claiming("presence").claimed[3], "Anna B.");
});

test("input in the data view is editing, until the object has no unsaved changes any more", () => {
  const { hub, widget, object } = place({ presence: "join", lock: "edit" });
  const claimed = () => ["presence", "locks"].map((service) => hub.claiming(service).claimed[1]);
  const refresh = () => widget.subscriptions.find(({ attr }) => !attr).callback();
  object.changed = true;
  document.fire("input");
  assert.deepEqual(claimed(), [2, 1]);
  refresh();
  assert.deepEqual(claimed(), [2, 1], "a refresh is not a save");
  object.changed = false;
  refresh();
  assert.deepEqual(claimed(), [1, 0]);
  document.fire("input");
  widget.update(new MxObject("2"));
  assert.deepEqual(claimed(), [1, 0]);
  widget.uninitialize();
  assert.equal(hub.claiming("locks"), undefined);
  assert.equal(document.heard.input.size, 0);
});

test("editing may be an attribute", () => {
  const { hub, widget, object } = place({ lock: "edit", editingAttribute: "Edits" });
  document.fire("input");
  assert.equal(hub.claiming("locks").claimed[1], 0);
  object.set("Edits", true);
  widget.subscriptions.find(({ attr }) => attr === "Edits").callback();
  assert.equal(hub.claiming("locks").claimed[1], 1);
});

test("a lock's conflict and loss run their microflows", () => {
  const { hub } = place({ lock: "open", lockConflictMicroflow: "Busy", lockLostMicroflow: "Lost" });
  hub.claiming("locks").stands("refused", { name: "ben" });
  hub.claiming("locks").stands("mine", { name: "anna" });
  hub.claiming("locks").stands("lost");
  assert.deepEqual(world.names(), ["Busy", "Lost"]);
});

test("a token that expires soon is fetched again, while the connection goes on", () => {
  const clock = installClock();
  try {
    place({ tokenMicroflow: "Get.Token6" });
    world.calls[0].end("first");
    const own = bridge.hubs.get(`http://server${number - 1}`);
    own.tell("connected");
    clock.pass(3600000);
    own.tell("connected", "expiring");
    world.calls[1].end("second");
    assert.deepEqual(own.present.map(({ token }) => token), ["second"]);
  } finally {
    clock.restore();
  }
});

test("the key is looked for in the record's field that was chosen", () => {
  assert.equal(place({ keyField: "orderNumber" }).listener.interest.keyField, "orderNumber");
});

test("the status display is shown when it was asked for, in the words that were chosen", () => {
  const texts = { textConnecting: "Soon", textConnected: "Live", textDisconnected: "Not yet", textFailed: "No" };
  const { widget, hub } = place({ showStatus: "always", ...texts });
  for (const [state, words] of [["connecting", "Soon"], ["connected", "Live"], ["disconnected", "Not yet"], ["refused", "No"], ["failed", "No"]]) {
    hub.tell(state);
    assert.equal(widget.domNode.textContent, "● " + words);
  }
  const never = place({ showStatus: "never", ...texts });
  never.hub.tell("disconnected", "lost");
  assert.equal(never.widget.domNode.textContent, "");
});
