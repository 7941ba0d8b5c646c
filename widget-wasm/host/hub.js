/** A hub: one server's socket, and the listeners that share it. What it is to callers is in bridge.js. */
import { joined } from "../imports.js";
import { causes, describe, states } from "./words.js";

/** Said instead of a WebSocket close code where more is known than a browser tells: core/connection.hpp. */
const OVERSIZED = -1;
const INSECURE = -2;
const POLICY = -3;
const NO_URL = -4;

export function createHub(core, url, options) {
  const listeners = new Set();
  const actions = new Map();
  let id = -1;
  let socket = null;
  let policyBlocks = false;
  let status = describe(url, 0, 0, "");

  function showStatus(state, cause, detail) {
    status = describe(url, state, cause, detail);
    if (cause) {
      const say = status.state === "disconnected" ? console.warn : console.error;
      say("Flowcast: " + status.message, status.help, detail);
    }
    listeners.forEach((tell) => tell(status));
  }

  function closed(code, reason) {
    core.enter((exports, now) => exports.socket_closed(id, code, core.put(reason), now));
  }

  function openSocket() {
    policyBlocks = false;
    try {
      const address = socketAddress(url);
      socket = new (options.WebSocket || WebSocket)(address);
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

  /** Runs an action, and tells the core when it has finished: at the latest if its listener is gone, or it throws. */
  function run(id_, action, event) {
    let finished = false;
    const done = () => {
      if (finished) return;
      finished = true;
      core.enter((exports, now) => exports.action_done(id, id_, now));
    };
    const entry = actions.get(action);
    if (!entry) return;
    event.service = entry.service;
    try {
      const result = entry.run(event, done);
      if (result && typeof result.then === "function") result.then(done, (error) => {
        done();
        console.error("Flowcast:", error);
      });
    } catch (error) {
      done();
      throw error;
    }
  }

  core.enter((exports) => {
    id = exports.create_hub();
    core.sinks[id] = { openSocket, closeSocket, send, showStatus, run };
  });
  core.onFailure((reason) => showStatus(states.indexOf("failed"), causes.length - 1, reason));
  watchPage({
    left: () => core.enter((exports) => exports.page_left(id)),
    hidden: () => core.enter((exports) => exports.page_hidden(id)),
    woke: () => core.enter((exports, now) => exports.page_woke(id, now)),
    blocked(address) {
      if (socket && address && socketAddress(url).startsWith(address.replace(/^http/, "ws"))) policyBlocks = true;
    },
  });

  function listen(interest, handlers) {
    const added = new Set();
    let listener = -1;
    let released = false;
    const tell = (present) => handlers && handlers.onStatus && handlers.onStatus(present);
    const enter = (call) => released || core.enter(call);

    function setKeys(keys) {
      const list = keys && joined(keys);
      enter((exports, now) => {
        if (keys) exports.set_keys(id, listener, core.put(list), now);
        else exports.set_whole(id, listener, now);
      });
    }

    function setToken(token) {
      enter((exports, now) => exports.set_token(id, core.put(String(token || "")), now));
    }

    function action(events, how, run) {
      const { throttle = 0, spread = 0, perKey, ignoreOwn, ignoreMissed } = how || {};
      let action = -1;
      enter((exports) => {
        const flags = [perKey, ignoreOwn, ignoreMissed].map(Number);
        action = exports.add_action(id, listener, +throttle || 0, +spread || 0, ...flags, core.put(joined(events)));
        actions.set(action, { run, service: interest.service });
        added.add(action);
      });
      return {
        remove() {
          enter((exports) => exports.remove_action(id, listener, action));
          actions.delete(action);
        },
      };
    }

    function release() {
      enter((exports, now) => exports.remove_listener(id, listener, now));
      released = true;
      listeners.delete(tell);
      added.forEach((action) => actions.delete(action));
    }

    core.enter((exports, now) => {
      const { field, value } = interest.own || { field: "", value: "" };
      const texts = [interest.service, interest.keyField || "text", field, value];
      listener = exports.add_listener(id, core.put(joined(texts)), now);
    });
    if (interest.token) setToken(interest.token);
    setKeys(interest.keys);
    listeners.add(tell);
    tell(status);
    return { setKeys, setToken, action, release };
  }

  return {
    url,
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
function watchPage({ left, hidden, woke, blocked }) {
  if (typeof document === "undefined") return;
  addEventListener("pagehide", left);
  addEventListener("pageshow", woke);
  addEventListener("online", woke);
  document.addEventListener("resume", woke);
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? hidden() : woke()));
  document.addEventListener("securitypolicyviolation", (event) => blocked(event.blockedURI));
}
