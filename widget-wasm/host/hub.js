/** A hub: one server's socket, and the listeners that share it. What it is to callers is in bridge.js. */
import { joined } from "../imports.js";
import { describe } from "./words.js";

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
const CLAIM = 12;

export function createHub(core, url, page) {
  const listeners = new Set();
  const actions = new Map();
  let lastListener = 0;
  let lastAction = 0;
  let socket = null;
  let status = describe(url, 0, 0, "");

  /** Tells the core something, by a text and numbers: see exports.cpp. */
  function tell(what, text = "", a = 0, b = 0, c = 0, d = 0) {
    core.enter((exports, now) => exports.tell(id, what, core.put(text), now, a, b, c, d));
  }

  function report(state, cause, detail) {
    status = describe(url, state, cause, detail);
    if (cause) console.warn("Flowcast: " + status.message, status.help, detail);
    listeners.forEach((follow) => follow(status));
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
  function run(number, action, event) {
    const entry = actions.get(action);
    if (!entry) return; // released meanwhile
    let running = true;
    const done = () => {
      if (running) tell(DONE, "", number);
      running = false;
    };
    event.service = entry.service;
    try {
      entry.run(event, done);
    } catch (error) {
      console.error("Flowcast:", error);
      done();
    }
  }

  const id = core.add({ openSocket, closeSocket, send, report, run });
  watchPage(tell, (address) => {
    if (!socket || socket.readyState === 1 || !address || !socketAddress(url).startsWith(address.replace(/^http/, "ws"))) return;
    closeSocket(); // Chromium does not tell that it is closed
    tell(CLOSED, "", POLICY);
  });

  function listen({ service, keys, keyField, token, own }, handlers) {
    const listener = ++lastListener; // as the core numbers them
    const added = [];
    let released = false;
    const follow = (present) => handlers && handlers.onStatus && handlers.onStatus(present);
    const say = (...what) => released || tell(...what);
    const setKeys = (keys) => say(KEYS, joined(keys || []), listener, keys ? 0 : 1);
    const setToken = (token) => say(TOKEN, token || "");
    const claim = (key, level, by, name, ttl) => say(CLAIM, joined([key, by, name]), listener, level, ttl);

    function action(events, { throttle, spread, perKey, ignoreOwn, ignoreMissed, payloadField }, run) {
      if (released) return;
      const flags = (perKey ? 1 : 0) + (ignoreOwn ? 2 : 0) + (ignoreMissed ? 4 : 0);
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
    follow(status);
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
export function socketAddress(url, page = globalThis.location && globalThis.location.href) {
  if (!url) throw new TypeError("There is no URL.");
  const address = new URL(url, page);
  address.protocol = address.protocol.replace(/^http/, "ws");
  if (!/^wss?:$/.test(address.protocol)) throw new TypeError("It begins with " + address.protocol);
  address.pathname = address.pathname.replace(/\/*(socket\.io\/*)?$/, "/socket.io/");
  address.hash = "";
  address.search += (address.search ? "&" : "?") + "EIO=4&transport=websocket";
  return address.href;
}

/** Tells when the page is left, hidden or woken, and which connection its policy blocks. */
function watchPage(changed, blocked) {
  if (typeof document === "undefined") return;
  const woke = () => changed(WOKE);
  addEventListener("pagehide", () => changed(LEFT));
  addEventListener("pageshow", woke);
  addEventListener("online", woke);
  document.addEventListener("resume", woke);
  document.addEventListener("visibilitychange", () => changed(document.hidden ? HIDDEN : WOKE));
  document.addEventListener("securitypolicyviolation", (event) => event.disposition === "report" || blocked(event.blockedURI));
}
