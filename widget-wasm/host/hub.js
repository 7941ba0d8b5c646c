/** A hub: one server's socket, and the listeners that share it. What it is to callers is in bridge.js. */
import { joined } from "../imports.js";
import { causeOf, describe, notes, REFUSED } from "./words.js";

/** Said instead of a WebSocket close code where more is known than a browser tells: core/connection.hpp. */
const OVERSIZED = -1;
const INSECURE = -2;
const POLICY = -3;
const NO_URL = -4;

/** What the core is told, in the order of exports.cpp. */
const LEFT = 0;
const HIDDEN = 1;
const WOKE = 2;
const OPENED = 3;
const RECEIVED = 4;
const CLOSED = 5;
const TOKEN = 6;
const ADD_LISTENER = 7;
const KEYS = 8;
const REMOVE_LISTENER = 9;
const ADD_ACTION = 10;
const DONE = 11;
const MISSED = 12;
const CLAIM = 13;

export function createHub(core, url, page) {
  const listeners = new Set();
  const actions = new Map();
  let lastListener = 0;
  let lastAction = 0;
  let socket = null;
  let status = describe(url, 0, 0, "");
  let refusals = [];
  let said = "";

  /** Tells the core something, by a text and numbers: see exports.cpp. */
  function tell(what, text = "", ...numbers) {
    core.enter((exports, now) => exports.tell(id, what, core.put(text), now, ...numbers));
  }

  const warn = ({ message, help, detail }) => console.warn("Flowcast: " + message, help, detail);

  function report(detail, state, cause) {
    status = describe(url, state, cause, detail);
    if (cause) warn(status);
    listeners.forEach((follow) => follow());
  }

  /** What the server refuses while it accepts the rest. Each connection is told again: that is said once. */
  function refuse(list, anew) {
    if (anew) refusals = [];
    for (const { service, keys, error } of JSON.parse(list || "[]")) {
      const status = describe(url, REFUSED, causeOf(error.code), error.message);
      refusals.push({ service, keys, status });
      if (list !== said) warn(status);
    }
    said = list;
    listeners.forEach((follow) => follow());
  }

  function openSocket() {
    try {
      socket = new WebSocket(socketAddress(url));
    } catch (error) {
      tell(CLOSED, error.message, error instanceof TypeError ? NO_URL : INSECURE);
      return;
    }
    socket.onopen = () => tell(OPENED);
    socket.onclose = (event) => {
      socket = null;
      tell(CLOSED, event.reason, event.code);
    };
    socket.onmessage = (event) => {
      if (typeof event.data === "string") tell(RECEIVED, event.data); // else: attachments of events that are not ours
    };
  }

  function closeSocket() {
    if (!socket) return;
    socket.onopen = socket.onclose = socket.onmessage = null;
    socket.close();
    socket = null;
  }

  function send(packet) {
    if (socket && socket.readyState === 1) socket.send(packet);
  }

  /** Runs an action, and tells the core when it has finished: also if it throws. */
  function run(what, number, action, missed) {
    const entry = actions.get(action);
    if (!entry) return; // released meanwhile
    const [event, key = "", offset = "", ...payload] = what.split("\0");
    let running = true;
    const done = () => {
      if (running) tell(DONE, "", number);
      running = false;
    };
    try {
      entry.run({ event, key, payload: payload.join("\0"), offset, missed: missed > 0, service: entry.service }, done);
    } catch (error) {
      console.error("Flowcast:", error);
      done();
    }
  }

  const log = (detail, note) => console.log("flowcast:" + notes[note], detail);
  const id = core.add([openSocket, closeSocket, send, report, run, log, refuse]);
  watchPage(tell, (address) => {
    if (!socket || socket.readyState === 1 || !address || !socketAddress(url).startsWith(address.replace(/^http/, "ws"))) return;
    closeSocket(); // Chromium does not tell that it is closed
    tell(CLOSED, "", POLICY);
  });

  function listen({ service, keys, keyField, token, own, onStatus }) {
    const listener = ++lastListener; // as the core numbers them
    const added = [];
    let released = false;
    let refused;
    let told;
    const follow = (changed) => {
      let present = status;
      if (status.state === "connected") {
        const isOfThis = (one) => one.service === service && (!one.keys || (keys && keys.some((key) => one.keys.includes(key))));
        const now = refusals.find(isOfThis);
        if (now) present = now.status;
        else if (refused && !changed) say(MISSED, "", listener);
        refused = now;
      }
      if (told !== present && onStatus) onStatus(present);
      told = present;
    };
    const say = (...what) => released || tell(...what);
    const setKeys = (present) => {
      keys = present;
      say(KEYS, joined(keys || []), listener, keys ? 0 : 1);
      released || follow(true);
    };
    const setToken = (token) => say(TOKEN, token || "");
    const claim = (key, level, by, name, ttl) => say(CLAIM, joined([key, by, name]), listener, level, ttl);

    function action(events, { throttle, spread, perKey, ignoreOwn, ignoreMissed, payloadField }, run) {
      if (released) return;
      const flags = perKey | (ignoreOwn << 1) | (ignoreMissed << 2);
      say(ADD_ACTION, joined([payloadField || "", ...events]), listener, throttle > 0 ? +throttle : 0, spread > 0 ? +spread : 0, flags);
      actions.set(++lastAction, { run, service });
      added.push(lastAction);
    }

    function release() {
      say(REMOVE_LISTENER, "", listener);
      released = true;
      listeners.delete(follow);
      added.forEach((action) => actions.delete(action));
    }

    say(ADD_LISTENER, joined([service, keyField || "text", own ? own.field : "", own ? own.value : ""]));
    if (token) setToken(token);
    setKeys(keys);
    listeners.add(follow);
    return { setKeys, setToken, action, claim, release };
  }

  return {
    url,
    page,
    displays: [],
    get status() {
      return status;
    },
    listen,
  };
}

/** Engine.IO's WebSocket at a server's URL. Throws a TypeError where it is none. */
export function socketAddress(url, page = globalThis.location) {
  const address = new URL(url || "empty:", page);
  address.protocol = address.protocol.replace(/^http/, "ws");
  if (!/^wss?:$/.test(address.protocol)) throw new TypeError(address.protocol);
  address.pathname = address.pathname.replace(/\/*(socket\.io\/*)?$/, "/socket.io/");
  address.hash = "";
  address.search += (address.search ? "&" : "?") + "EIO=4&transport=websocket";
  return address.href;
}

/** Tells when the page is left, hidden or woken, and which connection its policy blocks. */
function watchPage(changed, blocked) {
  if (!globalThis.document) return;
  const woke = () => changed(WOKE);
  addEventListener("pagehide", () => changed(LEFT));
  addEventListener("pageshow", woke);
  addEventListener("online", woke);
  document.addEventListener("resume", woke);
  document.addEventListener("visibilitychange", () => changed(document.hidden ? HIDDEN : WOKE));
  document.addEventListener("securitypolicyviolation", (event) => event.disposition === "report" || blocked(event.blockedURI));
}
