/** A hub: one server's socket, and the listeners that share it. What it is to callers is in bridge.js. */
import { joined } from "../imports.js";
import { describe } from "./words.js";

/** Said instead of a WebSocket close code where more is known than a browser tells: core/connection.hpp. */
const OVERSIZED = -1;
const INSECURE = -2;
const POLICY = -3;
const NO_URL = -4;

/** What has become of the page: exports.cpp. */
const LEFT = 0;
const HIDDEN = 1;
const WOKE = 2;

export function createHub(core, url, page) {
  const listeners = new Set();
  const actions = new Map();
  let socket = null;
  let policyBlocks = false;
  let status = describe(url, 0, 0, "");

  function showStatus(state, cause, detail) {
    status = describe(url, state, cause, detail);
    if (cause) console.warn("Flowcast: " + status.message, status.help, detail);
    listeners.forEach((tell) => tell(status));
  }

  function closed(code, reason) {
    core.enter((exports, now) => exports.socket_closed(id, code, core.put(reason), now));
  }

  function openSocket() {
    policyBlocks = false;
    try {
      socket = new WebSocket(socketAddress(url));
    } catch (error) {
      closed(error instanceof TypeError ? NO_URL : INSECURE, error.message);
      return;
    }
    socket.onopen = () => core.enter((exports) => exports.socket_opened(id));
    socket.onclose = (event) => {
      socket = null;
      closed(policyBlocks ? POLICY : event.code, event.reason || "");
    };
    socket.onmessage = (event) => {
      if (typeof event.data !== "string") return; // attachments of events that are not ours
      core.enter((exports, now) => {
        const bytes = core.put(event.data);
        if (bytes < 0) exports.socket_closed(id, OVERSIZED, 0, now);
        else exports.socket_received(id, bytes, now);
      });
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
      if (running) core.enter((exports, now) => exports.action_done(id, number, now));
      running = false;
    };
    const fail = (error) => {
      console.error("Flowcast:", error);
      done();
    };
    event.service = entry.service;
    try {
      const result = entry.run(event, done);
      if (result && result.then) result.then(done, fail);
    } catch (error) {
      fail(error);
    }
  }

  const id = core.add({ openSocket, closeSocket, send, showStatus, run });
  watchPage(
    (change) => core.enter((exports, now) => exports.page_changed(id, change, now)),
    (address) => {
      if (socket && address && socketAddress(url).startsWith(address.replace(/^http/, "ws"))) policyBlocks = true;
    },
  );

  function listen(interest, handlers) {
    const added = [];
    let listener;
    let released = false;
    const tell = (present) => handlers && handlers.onStatus && handlers.onStatus(present);
    const enter = (call) => released || core.enter(call);

    function setKeys(keys) {
      const list = keys && joined(keys);
      enter((exports, now) => exports.set_keys(id, listener, keys ? core.put(list) : -1, now));
    }

    function setToken(token) {
      enter((exports, now) => exports.set_token(id, core.put(token || ""), now));
    }

    function action(events, how, run) {
      const { throttle, spread, perKey, ignoreOwn, ignoreMissed } = how || {};
      enter((exports) => {
        const pace = [throttle, spread, perKey, ignoreOwn, ignoreMissed].map((value) => (value > 0 ? +value : 0));
        const action = exports.add_action(id, listener, core.put(joined(events)), ...pace);
        actions.set(action, { run, service: interest.service });
        added.push(action);
      });
    }

    function claim(key, level, who, name, ttl) {
      const by = joined([key, who, name]);
      enter((exports, now) => exports.set_claim(id, listener, core.put(by), ttl, level, now));
    }

    function release() {
      enter((exports, now) => exports.remove_listener(id, listener, now));
      released = true;
      listeners.delete(tell);
      added.forEach((action) => actions.delete(action));
    }

    enter((exports, now) => {
      const { field, value } = interest.own || { field: "", value: "" };
      const texts = [interest.service, interest.keyField || "text", field, value];
      listener = exports.add_listener(id, core.put(joined(texts)), now);
    });
    if (interest.token) setToken(interest.token);
    setKeys(interest.keys);
    listeners.add(tell);
    tell(status);
    return { setKeys, setToken, action, claim, release };
  }

  return {
    url,
    page,
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
  document.addEventListener("securitypolicyviolation", (event) => blocked(event.blockedURI));
}
