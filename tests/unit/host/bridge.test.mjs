import assert from "node:assert/strict";
import { test } from "node:test";

import { API, flowcastHub } from "../../../widget-wasm/host/bridge.js";
import { blocked, loadFallback, wasm } from "./core_module.mjs";
import { openPage, startPage } from "./page.mjs";

const forms = [
  ["wasm", { wasm }],
  ["plain JavaScript", { wasm: blocked, loadFallback }],
];

for (const [form, module] of forms) {
  const scenario = (name, run) => test(`${form}: ${name}`, (t) => run(t, (url) => startPage(t, module, url)));

  scenario("one listener connects, subscribes, and runs its action with the event", async (t, open) => {
    const { hub, sockets } = await open();
    const events = [];
    const listener = hub.listen({ service: "microflow", keys: ["281474976710657"] });
    listener.action(["created"], {}, (event, done) => (events.push(event), done()));
    assert.equal(sockets.latest().address, "wss://flowcast.test/socket.io/?EIO=4&transport=websocket");
    sockets.latest().join();
    assert.deepEqual(sockets.latest().sent, ['40{"partial":true,"subscribe":{"microflow":["281474976710657"]}}']);
    sockets.latest().change("281474976710657", { naïve: "€😀" });
    sockets.latest().change("281474976710658");
    assert.deepEqual(events, [
      {
        event: "created",
        service: "microflow",
        key: "281474976710657",
        payload: '{"text":"281474976710657","naïve":"€😀"}',
        offset: "e-2",
        missed: false,
      },
    ]);
  });

  test(`${form}: what is asked before the core has started is done in order`, async (t) => {
    const { hub, registry, sockets } = openPage(t, module);
    const listener = hub.listen({ service: "microflow", keys: ["1"], token: "t" });
    let runs = 0;
    listener.action(["created"], {}, (event, done) => (runs++, done()));
    hub.listen({ service: "microflow", keys: ["2"] }).release();
    listener.setKeys(["3"]);
    assert.equal(sockets.opened.length, 0);
    await registry.started;
    sockets.latest().join();
    assert.deepEqual(sockets.latest().sent, ['40{"partial":true,"token":"t","subscribe":{"microflow":["3"]}}']);
    sockets.latest().change("3");
    assert.equal(runs, 1);
  });

  scenario("a hundred widgets share one socket, which closes after the last", async (t, open) => {
    const { registry, sockets, pass } = await open();
    const listeners = Array.from({ length: 100 }, (_, key) =>
      registry.hub("https://flowcast.test").listen({ service: "microflow", keys: [String(key)] }),
    );
    assert.equal(sockets.opened.length, 1);
    sockets.latest().join();
    listeners.forEach((listener) => listener.release());
    assert.equal(sockets.latest().closed, false);
    pass(1000);
    assert.equal(sockets.latest().closed, true);
    assert.equal(sockets.opened.length, 1);
  });

  scenario("hubs of different servers keep apart", async (t, open) => {
    const { registry, sockets } = await open();
    const keys = [];
    for (const url of ["https://one.test", "https://two.test"]) {
      const listener = registry.hub(url).listen({ service: "microflow", keys: null });
      listener.action([], {}, (event, done) => (keys.push(url + event.key), done()));
      sockets.latest().join();
    }
    sockets.opened[0].change("1");
    sockets.opened[1].change("2");
    assert.deepEqual(keys, ["https://one.test1", "https://two.test2"]);
  });

  scenario("a burst runs now once and after once, and is over when it says so", async (t, open) => {
    const { hub, sockets } = await open();
    const listener = hub.listen({ service: "microflow", keys: ["1"] });
    const finish = [];
    listener.action(["created"], {}, (event, done) => void finish.push(done));
    sockets.latest().join();
    for (let i = 0; i < 10; i++) sockets.latest().change("1");
    assert.equal(finish.length, 1);
    finish[0]();
    finish[0]();
    assert.equal(finish.length, 2);
    finish[1]();
    assert.equal(finish.length, 2);
  });

  scenario("a widget that throws stops neither itself nor the others", async (t, open) => {
    const { hub, sockets, said } = await open();
    const listener = hub.listen({ service: "microflow", keys: ["1"] });
    let runs = 0;
    listener.action(["created"], {}, () => {
      throw new Error("a widget's own");
    });
    listener.action(["created"], {}, (event, done) => (runs++, done()));
    sockets.latest().join();
    sockets.latest().change("1");
    sockets.latest().change("1");
    assert.equal(runs, 2);
    assert.equal(said.filter(([level]) => level === "error").length, 2);
  });

  scenario("nothing re-enters the core: a run may finish, listen and release at once", async (t, open) => {
    const { hub, sockets, pass } = await open();
    const listener = hub.listen({ service: "microflow", keys: ["1"] });
    let runs = 0;
    listener.action(["created"], {}, (event, done) => {
      runs++;
      hub.listen({ service: "microflow", keys: ["2"] });
      listener.setKeys(["3"]);
      listener.release();
      done();
    });
    sockets.latest().join();
    sockets.latest().sent.length = 0;
    sockets.latest().change("1");
    sockets.latest().change("1");
    assert.equal(runs, 1);
    pass(10);
    assert.deepEqual(sockets.latest().sent, [
      '421["subscribe","microflow",["2"]]',
      '422["unsubscribe","microflow",["1"]]',
    ]);
  });

  scenario("a released listener hears nothing more, also of runs that were due", async (t, open) => {
    const { hub, sockets, pass } = await open();
    const listener = hub.listen({ service: "microflow", keys: ["1"] });
    hub.listen({ service: "microflow", keys: ["1"] });
    let runs = 0;
    listener.action(["created"], { throttle: "100" }, (event, done) => (runs++, done()));
    sockets.latest().join();
    sockets.latest().change("1");
    sockets.latest().change("1");
    listener.release();
    listener.release();
    listener.setKeys(["1"]);
    sockets.latest().change("1");
    pass(1000);
    assert.equal(runs, 1);
  });

  scenario("a server has one hub, however its URL is written", async (t, open) => {
    const { hub, registry } = await open();
    for (const same of [" https://flowcast.test/ ", "HTTPS://Flowcast.test:443", "wss://flowcast.test/socket.io/"]) {
      assert.equal(registry.hub(same), hub, same);
    }
    for (const other of ["http://flowcast.test", "https://flowcast.test/realtime", "nonsense", ""]) {
      assert.notEqual(registry.hub(other), hub, other);
    }
  });

  scenario("large and small records pass, and what is too large costs the connection alone", async (t, open) => {
    const { hub, sockets, pass } = await open();
    const listener = hub.listen({ service: "microflow", keys: ["1"] });
    const lengths = [];
    listener.action(["created"], {}, (event, done) => (lengths.push(event.payload.length), done()));
    sockets.latest().join();
    sockets.latest().change("1", { data: "x".repeat(1e6) });
    sockets.latest().change("1");
    assert.deepEqual(lengths, [1000022, 12]);
    sockets.latest().change("1", { data: "x".repeat(5e6) });
    assert.equal(hub.status.cause, "oversized");
    pass(1000);
    sockets.latest().join({ sid: "b", offset: "e-2", recovered: true });
    sockets.latest().change("1");
    assert.equal(lengths.length, 3);
  });

  scenario("tells each status in words, at once to who comes late, and once a cause", async (t, open) => {
    const { hub, sockets, said, pass } = await open();
    const first = [];
    const late = [];
    hub.listen({ service: "microflow", keys: ["1"], onStatus: (status) => first.push(status.state) });
    sockets.latest().join();
    for (let i = 0; i < 4; i++) {
      sockets.latest().drop();
      pass(30000);
    }
    hub.listen({ service: "microflow", keys: ["1"], onStatus: (status) => late.push(status) });
    assert.deepEqual(first, ["connecting", "connected", "disconnected", "disconnected"]);
    assert.equal(late.length, 1);
    assert.equal(late[0].cause, "unreachable");
    assert.match(late[0].message, /No connection to https:\/\/flowcast\.test\./);
    assert.match(late[0].help, /Is the server running/);
    assert.equal(said.length, 2);
  });

  scenario("a URL that is none, and one that the page must not use, are told", async (t, open) => {
    const { registry, sockets } = await open();
    const statusOf = (url) => {
      registry.hub(url).listen({ service: "microflow", keys: ["1"] });
      return registry.hub(url).status;
    };
    assert.equal(statusOf("").cause, "url");
    assert.equal(statusOf("flowcast.test:3030").cause, "url");
    sockets.WebSocket.refuse = new Error("insecure");
    const status = statusOf("http://flowcast.test");
    assert.equal(status.cause, "insecure");
    assert.equal(status.detail, "insecure");
    assert.match(status.message, /http:\/\/flowcast\.test/);
  });
}

test("where neither form starts, every hub says so, and nothing throws", async (t) => {
  const page = await startPage(t, { wasm: () => Promise.resolve(new Uint8Array(8)), loadFallback: () => Promise.reject(new Error("blocked")) });
  const statuses = [];
  const listener = page.hub.listen({ service: "microflow", keys: ["1"], onStatus: (status) => statuses.push(status) });
  listener.action([], {}, () => {});
  listener.release();
  assert.deepEqual(
    statuses.map(({ state, cause }) => [state, cause]),
    [["failed", "core"]],
  );
  assert.equal(statuses[0].detail, "Error: blocked");
});

test("a page has one registry, whichever bundle comes first", async (t) => {
  const name = Symbol.for("flowcast/" + API);
  t.after(() => delete globalThis[name]);
  const hub = flowcastHub("https://flowcast.test", { wasm });
  const again = await import("../../../widget-wasm/host/bridge.js?another-bundle");
  assert.equal(again.flowcastHub(" https://flowcast.test ", { wasm: blocked }), hub);
  await globalThis[name].started;
});

test("bundles that call each other differently keep apart: an older one's registry is left alone", async (t) => {
  const older = [Symbol.for("flowcast"), ...Array.from({ length: API - 1 }, (_, api) => Symbol.for("flowcast/" + (api + 1)))];
  const newer = Symbol.for("flowcast/" + (API + 1));
  for (const name of [...older, newer]) {
    globalThis[name] = { hub: () => assert.fail("called as what it is not") };
    t.after(() => delete globalThis[name]);
  }
  t.after(() => delete globalThis[Symbol.for("flowcast/" + API)]);
  assert.equal(flowcastHub("https://flowcast.test", { wasm }).url, "https://flowcast.test");
  await globalThis[Symbol.for("flowcast/" + API)].started;
});

// Where this fails, bundles of before cannot call this one, or this one those: raise API in bridge.js, and then this.
test("these are the calls of API 3", async (t) => {
  const calls = (what) =>
    Object.entries(Object.getOwnPropertyDescriptors(what)).map(([name, { value }]) =>
      typeof value === "function" ? `${name}/${value.length}` : name,
    );
  const { registry, hub, sockets } = await startPage(t, { wasm });
  const statuses = [];
  const events = [];
  const reads = new Set();
  const watched = (given) => new Proxy(given, { get: (target, name) => (reads.add(name), target[name]) });
  const listener = hub.listen(watched({ service: "microflow", keys: ["1"], onStatus: (status) => statuses.push(status) }));
  listener.action(["created"], watched({}), (event, done) => (events.push(event), done()));
  sockets.latest().join();
  sockets.latest().change("1");
  assert.equal(API, 3);
  assert.deepEqual(calls(registry), ["started", "hub/1"]);
  assert.deepEqual(calls(hub), ["url", "page", "displays", "status", "listen/1"]);
  assert.deepEqual(calls(listener), ["setKeys/1", "setToken/1", "action/3", "claim/5", "release/0"]);
  assert.deepEqual(
    [...reads],
    ["service", "keys", "keyField", "token", "own", "onStatus", "throttle", "spread", "perKey", "ignoreOwn", "ignoreMissed", "payloadField"],
  );
  assert.deepEqual(Object.keys(statuses[0]), ["state", "cause", "message", "help", "detail"]);
  assert.deepEqual(Object.keys(events[0]), ["event", "key", "payload", "offset", "missed", "service"]);
});
