/** A hub: one server's socket, and the listeners that share it. What it is to callers is in bridge.js. */
import { CLOSED } from "./core.js";
import { causes, states } from "./words.js";

const WHOLE_SERVICE = 1;
const PER_KEY = 1;
const IGNORE_OWN = 2;
const IGNORE_MISSED = 4;

export function createHub(core, url, options) {
  const listeners = new Set();
  const actions = new Map();
  let id = -1;
  let socket = null;
  let policyBlocked = false;
  let status = describe(0, 0, "");

  function describe(state, cause, detail) {
    const [name, message, help] = causes[cause];
    const plain = { connecting: "Connecting to {url}.", connected: "Connected to {url}." }[states[state]];
    return {
      state: states[state],
      cause: name,
      message: (message || plain).replace("{url}", url),
      help,
      detail,
    };
  }

  function showStatus(state, cause, detail) {
    status = describe(state, cause, detail);
    if (cause) {
      const say = states[state] === "disconnected" ? console.warn : console.error;
      say("Flowcast: " + status.message, status.help, detail);
    }
    listeners.forEach((listener) => listener.tell(status));
  }

  function closed(code, reason) {
    core.enter((exports, now) => exports.socket_closed(id, code, core.put(reason), now));
  }

  const sink = {
    openSocket() {
      const present = options.WebSocket || WebSocket;
      policyBlocked = false;
      let address;
      try {
        address = socketAddress(url);
      } catch (error) {
        closed(CLOSED.URL, "");
        return;
      }
      try {
        socket = new present(address);
      } catch (error) {
        closed(CLOSED.INSECURE, error.message);
        return;
      }
      socket.onopen = () => core.enter((exports, now) => exports.socket_opened(id, now));
      socket.onclose = (event) => {
        socket = null;
        closed(policyBlocked ? CLOSED.POLICY : event.code, event.reason || "");
      };
      socket.onmessage = (event) => {
        if (typeof event.data !== "string") return; // attachments of events that are not ours
        core.enter((exports, now) => {
          const bytes = core.put(event.data);
          if (bytes < 0) exports.socket_closed(id, CLOSED.OVERSIZED, 0, now);
          else exports.socket_received(id, bytes, now);
        });
      };
    },
    send(packet) {
      if (socket && socket.readyState === 1) socket.send(packet);
    },
    closeSocket() {
      if (!socket) return;
      socket.onopen = socket.onclose = socket.onmessage = null;
      socket.close();
      socket = null;
    },
    status: showStatus,
    run(run, action, event) {
      const entry = actions.get(action);
      let finished = false;
      const done = () => {
        if (finished) return;
        finished = true;
        core.enter((exports, now) => exports.action_done(id, run, now));
      };
      if (!entry) {
        done();
        return;
      }
      event.service = entry.service;
      try {
        const result = entry.run(event, done);
        if (result && typeof result.then === "function") result.then(done, done);
      } catch (error) {
        done();
        throw error;
      }
    },
  };

  core.enter((exports) => {
    id = exports.create_hub();
    core.sinks[id] = sink;
  });
  core.onFailure((reason) => showStatus(states.indexOf("failed"), causes.length - 1, reason));
  watchPage(
    (left) => core.enter((exports, now) => exports.page_changed(id, left ? 0 : 1, now)),
    (blocked) => {
      if (socket && socketAddress(url).startsWith(blocked.replace(/^http/, "ws"))) policyBlocked = true;
    },
  );

  function listen(interest, handlers) {
    let listenerId = -1;
    let released = false;
    const own = [];

    const listener = {
      setKeys(keys) {
        if (released) return;
        const list = joined(keys || []);
        core.enter((exports, now) => exports.set_keys(id, listenerId, keys ? 0 : WHOLE_SERVICE, core.put(list), now));
      },
      setToken(token) {
        if (released) return;
        core.enter((exports, now) => exports.set_token(id, core.put(String(token || "")), now));
      },
      action(events, how, run) {
        let actionId = -1;
        how = how || {};
        const flags =
          (how.perKey ? PER_KEY : 0) | (how.ignoreOwn ? IGNORE_OWN : 0) | (how.ignoreMissed ? IGNORE_MISSED : 0);
        core.enter((exports) => {
          const bytes = core.put(joined(events));
          actionId = exports.add_action(id, listenerId, flags, how.throttle || 0, how.spread || 0, bytes);
          if (!released) actions.set(actionId, { run, service: interest.service });
        });
        const remove = () => {
          core.enter((exports) => exports.remove_action(id, actionId));
          actions.delete(actionId);
        };
        own.push(remove);
        return { remove };
      },
      release() {
        if (released) return;
        released = true;
        own.forEach((remove) => remove());
        listeners.delete(entry);
        core.enter((exports, now) => exports.remove_listener(id, listenerId, now));
      },
    };

    const entry = { tell: (present) => handlers && handlers.onStatus && handlers.onStatus(present) };
    listeners.add(entry);
    const { field, value } = interest.own || { field: "", value: "" };
    const parts = [interest.service, interest.keyField || "text", field, value];
    core.enter((exports, now) => {
      listenerId = exports.add_listener(id, core.put(joined(parts)), now);
    });
    if (interest.token) listener.setToken(interest.token);
    listener.setKeys(interest.keys);
    entry.tell(status);
    return listener;
  }

  return {
    url,
    get status() {
      return status;
    },
    listen,
  };
}

/** Texts as one: the core takes lists parted by NUL, which is in no GUID, name or key. */
function joined(values) {
  return values.map((value) => String(value).replace(/\0/g, "") + "\0").join("");
}

/** Engine.IO's WebSocket at a server's URL. Throws where it is none. */
export function socketAddress(url, page = globalThis.location && globalThis.location.href) {
  if (!url) throw new TypeError("no URL");
  const address = new URL(url, page);
  address.protocol = address.protocol.replace(/^http/, "ws");
  if (!/^wss?:$/.test(address.protocol)) throw new TypeError("not the URL of a server");
  address.pathname = address.pathname.replace(/\/*(socket\.io\/*)?$/, "/socket.io/");
  address.hash = "";
  address.search += (address.search ? "&" : "?") + "EIO=4&transport=websocket";
  return address.href;
}

/** Tells when the page is left or woken, and which connections its policy blocks. */
function watchPage(changed, blocked) {
  if (typeof window === "undefined" || !window.addEventListener) return;
  window.addEventListener("pagehide", () => changed(true));
  ["pageshow", "online"].forEach((name) => window.addEventListener(name, () => changed(false)));
  document.addEventListener("resume", () => changed(false));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && changed(false));
  document.addEventListener("securitypolicyviolation", (event) => blocked(event.blockedURI));
}
