import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import test from "node:test";

const require = createRequire(import.meta.url);
const file = new URL("../../../widget-xml/pluggable/Flowcast.editorConfig.js", import.meta.url);
const source = readFileSync(file, "utf8");
const config = { exports: {} };
new Function("module", "exports", source)(config, config.exports);
const { check, getCustomCaption, getPreview, getProperties } = config.exports;

/** What Studio Pro passes for a widget that is set up well. */
const good = {
  watch: "objects",
  objects: { caption: "Order, over $Order", type: "Sales.Order" },
  itemKey: "",
  objectKey: "",
  service: "'microflow'",
  url: "@Sales.FlowcastUrl",
  token: "$Session/Token",
  onTokenNeeded: null,
  action: null,
  itemAction: {},
  handlers: [],
  throttle: 0,
  spread: 0,
  ignoreOwn: false,
  ownField: "origin",
  ownValue: "",
  showStatus: "problems",
  presence: "none",
  lock: "none",
  lockTtl: 30000,
  userId: "$currentUser/Name",
  userName: "$currentUser/Name",
};
const problems = (changes) => check({ ...good, ...changes });
const properties = (changes) => problems(changes).map(({ property, severity }) => `${severity} ${property}`);

test("a widget that is set up well has no problems", () => {
  assert.deepEqual(problems({}), []);
});

test("it is in the ECMAScript 5 that Studio Pro reads", () => {
  assert.doesNotMatch(source.replace(/\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, ""), /=>|\b(?:let|const|class|async)\b|`|\.\.\.|\?\?|\?\./);
});

test("every problem says what to do, in a sentence", () => {
  const all = check({ watch: "objects", handlers: [{ event: "custom" }], throttle: -1, ignoreOwn: true, token: "'secret'", url: "'nonsense'", service: "'/a'" });
  assert.ok(all.length >= 8);
  all.forEach(({ message }) => assert.match(message, /^[A-Z'].{20,}\.$/));
});

test("it needs something to listen to", () => {
  assert.deepEqual(properties({ objects: null }), ["error objects"]);
  assert.deepEqual(properties({ watch: "key", action: {} }), ["error objectKey"]);
  assert.deepEqual(properties({ watch: "service", action: {} }), []);
});

test("it needs something to do", () => {
  assert.deepEqual(properties({ itemAction: null }), ["error itemAction"]);
  assert.deepEqual(properties({ watch: "service" }), ["error action"], "an action of objects does not count without objects");
  for (const one of ["action", "payloadAttribute", "statusAttribute", "onConnect", "onDisconnect"]) {
    assert.deepEqual(properties({ itemAction: null, [one]: "x" }), []);
  }
  assert.deepEqual(properties({ itemAction: null, reloadDatasource: true }), []);
});

test("a URL is looked at where it is a text", () => {
  assert.deepEqual(properties({ url: "" }), ["error url"]);
  assert.deepEqual(properties({ url: "'localhost:3030'" }), ["error url"]);
  assert.deepEqual(properties({ url: "'http://realtime.example.com'" }), ["warning url"]);
  assert.deepEqual(properties({ url: "'ws://realtime.example.com'" }), ["warning url"]);
  for (const fine of ["'https://realtime.example.com'", "'http://localhost:3030'", "'http://127.0.0.1:3030'", "'/realtime'", "@A.Url", "@A.Url + '/x'"]) {
    assert.deepEqual(properties({ url: fine }), [], fine);
  }
});

test("a service is a name", () => {
  assert.deepEqual(properties({ service: "''" }), ["error service"]);
  assert.deepEqual(properties({ service: "'/microflow'" }), ["error service"]);
  assert.deepEqual(properties({ service: "@A.Service" }), []);
});

test("a token is not for everyone to read", () => {
  assert.deepEqual(properties({ token: "'eyJhbGciOi'" }), ["error token"]);
  assert.deepEqual(properties({ token: "@A.Token" }), ["warning token"]);
  assert.deepEqual(properties({ token: "" }), []);
});

test("particular events need a name and something to run", () => {
  assert.deepEqual(properties({ handlers: [{ event: "removed", eventAction: {} }, { event: "custom", customEvent: " " }] }), [
    "error handlers/2/customEvent",
    "error handlers/2/eventAction",
  ]);
  assert.deepEqual(properties({ handlers: [{ event: "removed", eventItemAction: {} }] }), []);
  assert.deepEqual(properties({ watch: "service", action: {}, handlers: [{ event: "removed", eventItemAction: {} }] }), ["error handlers/1/eventAction"]);
});

test("the name of an event is one word, since no other comes", () => {
  const named = (customEvent) => properties({ handlers: [{ event: "custom", customEvent, eventAction: {} }] });
  assert.deepEqual(named("order shipped"), ["error handlers/1/customEvent"]);
  assert.deepEqual(named(" shipped "), []);
});

test("pace is not negative, and own changes are marked by a field and a value", () => {
  assert.deepEqual(properties({ throttle: -1, spread: -5 }), ["error throttle", "error spread"]);
  assert.deepEqual(properties({ ignoreOwn: true, ownField: "" }), ["error ownField", "error ownValue"]);
  assert.deepEqual(properties({ ownField: "" }), []);
});

test("presence needs somebody to count, and something to show it", () => {
  assert.deepEqual(properties({ presence: "join" }), [], "to be counted is enough");
  assert.deepEqual(properties({ presence: "join", userId: "" }), ["error userId"]);
  assert.deepEqual(properties({ presence: "watch" }), ["error presenceNames"]);
  assert.deepEqual(properties({ presence: "watch", presenceCount: "Count" }), []);
  assert.deepEqual(properties({ itemAction: null, presence: "join" }), []);
});

test("a lock needs something to show it, a name, and a time", () => {
  assert.deepEqual(properties({ lock: "watch" }), ["error lockedBy"]);
  assert.deepEqual(properties({ lock: "edit" }), ["warning lockedByMe"]);
  assert.deepEqual(properties({ lock: "open", lockedByMe: "Mine", userName: "" }), ["warning userName"]);
  assert.deepEqual(properties({ lock: "open", lockedByMe: "Mine", lockTtl: 10 }), ["error lockTtl"]);
  assert.deepEqual(properties({ lock: "open", lockedByMe: "Mine" }), []);
  assert.deepEqual(properties({ watch: "service", action: {}, lock: "edit", presence: "watch" }), []);
});

/** Properties as Studio Pro hands them over, in groups within groups. */
function sheet(values) {
  const keys = "watch objects itemKey objectKey service url token onTokenNeeded action itemAction reloadDatasource handlers ignoreOwn ownField ownValue showStatus textConnected textConnecting textDisconnected textFailed presence presenceCount presenceNames presenceEditing lock lockedBy lockedByMe lockTtl onLockConflict onLockLost userId userName lockHolder editing".split(" ");
  const entry = () => ({ properties: [{ caption: "Event", properties: ["event", "customEvent", "eventAction", "eventItemAction"].map((key) => ({ key })) }] });
  const half = keys.length / 2;
  const all = keys.map((key) => (key === "handlers" ? { key, objects: values.handlers.map(entry) } : { key }));
  return [
    { caption: "A", propertyGroups: [{ caption: "A1", properties: all.slice(0, half) }] },
    { caption: "B", properties: all.slice(half) },
  ];
}

function visible(changes) {
  const values = { ...good, ...changes };
  const groups = getProperties(values, sheet(values), "web");
  const left = [...groups[0].propertyGroups[0].properties, ...groups[1].properties];
  return { keys: left.map(({ key }) => key), handlers: left.find(({ key }) => key === "handlers") };
}

test("what does not apply is hidden", () => {
  assert.equal(visible({}).keys.includes("objectKey"), false);
  assert.equal(visible({}).keys.includes("itemAction"), true);
  const key = visible({ watch: "key" }).keys;
  assert.equal(key.includes("objectKey"), true);
  for (const hidden of ["objects", "itemKey", "itemAction", "reloadDatasource"]) assert.equal(key.includes(hidden), false, hidden);
  assert.equal(visible({}).keys.includes("onTokenNeeded"), true);
  assert.equal(visible({ token: "" }).keys.includes("onTokenNeeded"), false);
  assert.equal(visible({}).keys.includes("ownField"), false);
  assert.equal(visible({}).keys.includes("ownValue"), false);
  assert.equal(visible({ ignoreOwn: true }).keys.includes("ownValue"), true);
});

test("of presence and lock there is what was chosen", () => {
  const together = /^(presence|lock|onLock|user|editing)/;
  const keys = (changes) => visible(changes).keys.filter((key) => together.test(key)).join(" ");
  assert.equal(keys({}), "presence lock");
  assert.equal(keys({ watch: "service", presence: "join", lock: "edit" }), "");
  const shown = "presence presenceCount presenceNames presenceEditing lock";
  assert.equal(keys({ presence: "watch" }), shown);
  assert.equal(keys({ presence: "join" }), shown + " userId userName editing");
  assert.equal(keys({ lock: "watch" }), "presence lock lockedBy lockedByMe");
  assert.equal(keys({ lock: "open" }), "presence lock lockedBy lockedByMe lockTtl onLockConflict onLockLost userName lockHolder");
  assert.equal(keys({ lock: "edit" }), "presence lock lockedBy lockedByMe lockTtl onLockConflict onLockLost userName lockHolder editing");
});

test("texts are there where they can be seen", () => {
  const texts = (showStatus) => visible({ showStatus }).keys.filter((key) => key.startsWith("text")).length;
  assert.deepEqual(["never", "problems", "always"].map(texts), [0, 2, 4]);
});

test("the list of events shows their names, and hides what does not apply to each", () => {
  const { handlers } = visible({ watch: "service", handlers: [{ event: "removed" }, { event: "custom", customEvent: "shipped" }] });
  assert.deepEqual(handlers.objectHeaders, ["Event"]);
  assert.deepEqual(handlers.objects.map(({ captions }) => captions), [["removed"], ["shipped"]]);
  assert.deepEqual(handlers.objects.map(({ properties }) => properties[0].properties.map(({ key }) => key)), [
    ["event", "eventAction"],
    ["event", "customEvent", "eventAction"],
  ]);
});

test("what runs for an object is there for particular events, where it listens to objects", () => {
  const { handlers } = visible({ handlers: [{ event: "removed" }] });
  assert.deepEqual(handlers.objects[0].properties[0].properties.map(({ key }) => key), ["event", "eventAction", "eventItemAction"]);
});

test("properties are looked at while there is no list of events yet", () => {
  assert.deepEqual(getProperties({ ...good, handlers: undefined }, [{ caption: "A", properties: [{ key: "url" }] }], "web"), [
    { caption: "A", properties: [{ key: "url" }] },
  ]);
});

test("its caption says what it listens to", () => {
  assert.equal(getCustomCaption(good), "Flowcast: Order, over $Order");
  assert.equal(getCustomCaption({ ...good, objects: null }), "Flowcast: [no data source]");
  assert.equal(getCustomCaption({ ...good, watch: "key", objectKey: "$Order/Number" }), "Flowcast: $Order/Number");
  assert.equal(getCustomCaption({ ...good, watch: "service" }), "Flowcast: everything of microflow");
});

test("its preview has the colours of the theme", () => {
  const light = JSON.stringify(getPreview(good, false, [10, 21, 0]));
  const dark = JSON.stringify(getPreview(good, true, [10, 21, 0]));
  assert.notEqual(light, dark);
  assert.match(light, /Listens to Order, over \$Order/);
  assert.match(light, /<svg[^>]+>.*<\/svg>/);
});

test("its preview in design mode says when it shows something", () => {
  const element = (type, props, ...children) => ({ type, props, children });
  const preview = { exports: {} };
  const code = readFileSync(new URL("Flowcast.editorPreview.js", file), "utf8");
  new Function("module", "exports", "require", code)(preview, preview.exports, (name) => (name === "react" ? { createElement: element } : require(name)));
  const seen = (values) => JSON.stringify(preview.exports.preview(values));
  assert.match(seen({ showStatus: "always", textConnected: "Bijgewerkt" }), /Bijgewerkt/);
  assert.match(seen({ showStatus: "problems" }), /only when there is a problem/);
  assert.equal(typeof preview.exports.getPreviewCss(), "string");
});
