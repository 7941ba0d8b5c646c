import assert from "node:assert/strict";
import { test } from "node:test";

import { socketAddress } from "../../../widget-wasm/host/hub.js";
import { debugEnabled } from "../../../widget-wasm/host/debug.js";
import { wasm } from "./core_module.mjs";
import { startPage } from "./page.mjs";

/** A page whose window and document tell of what the test says. */
async function openBrowserPage(t) {
  const page = new EventTarget();
  const document = new EventTarget();
  document.hidden = false;
  Object.assign(globalThis, { document, addEventListener: page.addEventListener.bind(page) });
  t.after(() => {
    delete globalThis.document;
    delete globalThis.addEventListener;
  });
  return { ...(await startPage(t, { wasm })), page, document };
}

test("a page that is left closes its socket, and one that comes back opens it and recovers", async (t) => {
  const { hub, sockets, page } = await openBrowserPage(t);
  hub.listen({ service: "microflow", keys: ["1"] });
  sockets.latest().join();
  sockets.latest().change("1", {}, "e-7");
  page.dispatchEvent(new Event("pagehide"));
  assert.equal(sockets.latest().closed, true);
  page.dispatchEvent(new Event("pageshow"));
  assert.equal(sockets.opened.length, 2);
  sockets.latest().greet();
  assert.deepEqual(sockets.latest().sent, ['40{"partial":true,"offset":"e-7","subscribe":{"microflow":["1"]}}']);
});

for (const [name, target] of [
  ["online", "page"],
  ["pageshow", "page"],
  ["resume", "document"],
  ["visibilitychange", "document"],
]) {
  test(`${name} makes it try at once`, async (t) => {
    const opened = await openBrowserPage(t);
    opened.hub.listen({ service: "microflow", keys: ["1"] });
    for (let attempt = 0; attempt < 6; attempt++) {
      opened.sockets.latest().drop();
      opened.pass(30000);
    }
    opened.sockets.latest().drop();
    const attempts = opened.sockets.opened.length;
    opened[target].dispatchEvent(new Event(name));
    assert.equal(opened.sockets.opened.length, attempts + 1);
  });
}

test("a page that wakes asks a silent server for a sign of life, and connects anew within a second", async (t) => {
  const { hub, sockets, document, pass } = await openBrowserPage(t);
  hub.listen({ service: "microflow", keys: ["1"] });
  sockets.latest().join();
  document.hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  sockets.latest().sent.length = 0;
  document.hidden = false;
  document.dispatchEvent(new Event("visibilitychange"));
  assert.deepEqual(sockets.latest().sent, ['420["find",""]']);
  pass(1000);
  assert.equal(sockets.opened.length, 2);
});

test("a connection that the page's policy forbids is told as that", async (t) => {
  const { hub, sockets, document } = await openBrowserPage(t);
  hub.listen({ service: "microflow", keys: ["1"] });
  const tellOf = (blockedURI) => document.dispatchEvent(Object.assign(new Event("securitypolicyviolation"), { blockedURI }));
  tellOf("inline");
  tellOf("https://elsewhere.test/picture.png");
  assert.equal(hub.status.state, "connecting");
  sockets.latest().readyState = 3; // without another event, in Chromium
  tellOf("wss://flowcast.test/socket.io/");
  assert.equal(hub.status.cause, "policy");
  assert.equal(hub.status.state, "failed");
});

test("a policy that only reports, and one that forbids another connection, are not to blame", async (t) => {
  const { hub, sockets, document, pass } = await openBrowserPage(t);
  hub.listen({ service: "microflow", keys: ["1"] });
  const tell = (violation) => document.dispatchEvent(Object.assign(new Event("securitypolicyviolation"), violation));
  tell({ blockedURI: "wss://flowcast.test/socket.io/", disposition: "report" });
  sockets.latest().drop();
  assert.equal(hub.status.cause, "unreachable");
  pass(1000);
  sockets.latest().join();
  tell({ blockedURI: "wss" }); // all that some browsers say
  sockets.latest().drop();
  assert.equal(hub.status.cause, "lost");
});

test("a server's URL becomes that of its WebSocket", () => {
  const query = "EIO=4&transport=websocket";
  for (const [url, address] of [
    ["http://localhost:3030", "ws://localhost:3030/socket.io/?" + query],
    ["https://a.test/", "wss://a.test/socket.io/?" + query],
    ["wss://a.test/realtime/", "wss://a.test/realtime/socket.io/?" + query],
    ["ws://a.test/realtime", "ws://a.test/realtime/socket.io/?" + query],
    ["https://a.test/socket.io", "wss://a.test/socket.io/?" + query],
    ["https://a.test/x/socket.io/?tenant=1#top", "wss://a.test/x/socket.io/?tenant=1&" + query],
    ["/realtime", "wss://app.test/realtime/socket.io/?" + query],
    ["//other.test", "wss://other.test/socket.io/?" + query],
  ]) {
    assert.equal(socketAddress(url, "https://app.test/p/page.html?x=1"), address);
  }
  for (const url of ["", "ftp://a.test", "localhost:3030", "https://", "javascript:alert(1)"]) {
    assert.throws(() => socketAddress(url, "https://app.test/"), TypeError, url);
  }
});

test("localStorage.debug chooses as the npm module debug does", () => {
  for (const [patterns, chosen] of [
    ["", false],
    ["flowcast", true],
    ["flowcast*", true],
    ["*", true],
    ["other,flow*", true],
    ["other flowcast", true],
    ["flow", false],
    ["*cast", true],
    ["*,-flowcast", false],
    ["-flowcast*,*", false],
    ["(,flowcast", false],
  ]) {
    assert.equal(debugEnabled("flowcast", patterns), chosen, patterns);
  }
});

test("what is debugged is told in the console: connected, subscribed, received, matched, ran", async (t) => {
  globalThis.localStorage = { debug: "flowcast*" };
  t.after(() => delete globalThis.localStorage);
  const { hub, sockets, said } = await startPage(t, { wasm });
  const listener = hub.listen({ service: "microflow", keys: ["1"] });
  listener.action(["created"], {}, (event, done) => done());
  sockets.latest().join();
  sockets.latest().change("1");
  const log = said.map(([level, ...words]) => words.join(" ")).join("\n");
  for (const expected of [
    /flowcast:connection connecting/,
    /flowcast:subscription subscribing 40\{"partial":true,"subscribe":\{"microflow":\["1"\]\}\}/,
    /flowcast:connection connected/,
    /flowcast:event received 42\["microflow created",/,
    /flowcast:event matched key 1/,
    /flowcast:action runs for key 1/,
    /flowcast:action finished/,
  ]) {
    assert.match(log, expected);
  }
});

test("without localStorage.debug, and with storage that is blocked, nothing is told", async (t) => {
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    get() {
      throw new Error("blocked");
    },
  });
  t.after(() => delete globalThis.localStorage);
  const { hub, sockets, said } = await startPage(t, { wasm });
  hub.listen({ service: "microflow", keys: ["1"] });
  sockets.latest().join();
  assert.deepEqual(said, []);
});
