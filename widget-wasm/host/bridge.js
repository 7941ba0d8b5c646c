/**
 * The bridge between Flowcast's core (C++, as WebAssembly) and a page.
 *
 * The core decides everything: when to connect, what to subscribe to, which event concerns which listener, when an
 * action runs, what the status is. The bridge owns what only JavaScript has: WebSockets, the clock, text, callbacks.
 *
 *     const hub = flowcastHub("https://example.com/realtime", { wasm, loadFallback });
 *     const listener = hub.listen({ service: "microflow", keys: ["281474976710657"], onStatus(status) {} });
 *     listener.action(["created", "updated"], { throttle: 500 }, (event, done) => refresh(done));
 *     …
 *     listener.setKeys(["281474976710658"]); // another context object
 *     listener.release();                    // the widget is gone
 *
 * A page has one hub a server, however its URL is written, and one core, whatever the number of widgets and of bundles:
 * the first bundle that is loaded wins, at `globalThis[Symbol.for("flowcast/3")]`. Bundles that call each other
 * differently, of packages of different versions, keep apart by the number in that name: each has a core and sockets of
 * its own. Callbacks never run inside a call into the bridge or core that caused them, except `onStatus` of a new
 * listener, which is told the present status at once.
 */
import { createHub, socketAddress } from "./hub.js";
import { startCore } from "./core.js";

/** Raised with each change of what is described below, which bundles call across: a test names it all. */
export const API = 3;

/**
 * @typedef {object} HubOptions
 * @property {() => Promise<BufferSource>} [wasm]  the core's module
 * @property {() => Promise<{instantiate: Function}>} [loadFallback]
 *           loads the same core as plain JavaScript (`core_fallback.js`): called only where wasm is blocked
 */

/**
 * The page's hub for a server. Cheap: it connects with its first listener, and closes the socket a moment after the
 * last one is released.
 * @param {string} url  the server: `https://host[:port][/path]`, `wss://…`, or relative to the page
 * @param {HubOptions} options  of the first caller on the page; ignored where the page already has a core
 * @returns {Hub}
 */
export function flowcastHub(url, options) {
  const name = Symbol.for("flowcast/" + API);
  const registry = globalThis[name] || (globalThis[name] = createRegistry(options));
  return registry.hub(url);
}

/** What a page keeps: one core, and the hubs by URL. Exported for tests. */
export function createRegistry(options) {
  const core = startCore(options);
  const hubs = new Map();
  const page = Math.random() + "-" + Date.now();
  return {
    started: core.started,
    hub(url) {
      const text = (url || "").trim();
      let place = text;
      try {
        place = socketAddress(text); // the same, however it is written
      } catch (error) {
        // It is none, which the hub says.
      }
      if (!hubs.has(place)) hubs.set(place, createHub(core, text, page));
      return hubs.get(place);
    },
  };
}

/**
 * @typedef {object} Hub
 * @property {string} url
 * @property {string} page  an id that no other page has
 * @property {Status} status  as it is now
 * @property {(() => void)[]} displays  what draws each display that waits to show its problems, the one that does first
 * @property {(interest: Interest) => Listener} listen
 */

/**
 * What a widget listens to.
 * @typedef {object} Interest
 * @property {string} service
 * @property {string[]|null} keys      `null` is the whole service; `[]` is nothing yet (no context object)
 * @property {string} [keyField]       the field of a record that holds its key; default `text`. With a Flowcast server
 *                                     it is the one that the service is set to
 * @property {string} [token]          one token serves the hub: the last one set, by any listener, is used
 * @property {{field: string, value: string}} [own]
 *           marks this page's own changes: records whose `field` equals `value` (see `ignoreOwn`)
 * @property {(status: Status) => void} [onStatus]
 *           called once at once, then whenever state or cause changes: the hub's own, unless the server refuses what this
 *           listener listens to
 */

/**
 * @typedef {object} Status
 * @property {"connecting"|"connected"|"disconnected"|"refused"|"failed"} state
 *   `disconnected` and `refused` go on trying by themselves (`refused` slowly, and at once after `setToken`);
 *   `failed` does not, unless the page wakes: nothing on this page can help.
 * @property {string} cause   why, for programs: "" or one of the names in words.js ("token": fetch a new token and
 *                            give it to `setToken`)
 * @property {string} message what is the case, in one plain sentence
 * @property {string} help    what to do about it; "" where there is nothing to do
 * @property {string} detail  what the server or browser said, if anything
 */

/**
 * @typedef {object} Listener
 * @property {(keys: string[]|null) => void} setKeys
 *           replaces the keys. What was about to run for a key that is gone does not run any more
 * @property {(token: string) => void} setToken  reconnects with it, without a gap, if it differs from the present one
 * @property {(events: string[], options: ActionOptions, run: Run) => void} action
 *           adds one: `run` is called for these events (none: for any) until the listener is released
 * @property {(key: string, level: 0|1|2, id: string, name: string, ttl: number) => void} claim
 *           of a listener to `presence` or `locks`: what it wants of a key that it listens to (core/claims.hpp, which
 *           also says what its actions are told). A key of "" gives it up
 * @property {() => void} release  no callback of this listener is called after it. May be called twice
 */

/**
 * How an action runs. It runs now once and after once: events that come while it runs, waits or is throttled become
 * one more run, with the latest event; it never runs in parallel with itself.
 * @typedef {object} ActionOptions
 * @property {number} [throttle]      at least so many ms between two starts; default 0
 * @property {number} [spread]        a random delay of up to so many ms before each run; default 0
 * @property {boolean} [perKey]       each key runs by itself (one row of many), rather than one run for all of them
 * @property {boolean} [ignoreOwn]    events that the listener's `own` marks do not run it
 * @property {string} [payloadField]  the field of a record that is the event's payload; "": all of it
 * @property {boolean} [ignoreMissed] does not run when events may have been missed (see `FlowcastEvent.missed`)
 */

/**
 * Does the work, then calls `done()` exactly once, also after an error. Until then the action (of that key, where `perKey`)
 * does not run again.
 * @callback Run
 * @param {FlowcastEvent} event
 * @param {() => void} done
 */

/**
 * @typedef {object} FlowcastEvent
 * @property {string} event    `created`, `updated`, `patched`, `removed` or a custom name; "" if nothing came
 * @property {string} service
 * @property {string} key      the key it is about; "" if nothing came, unless `perKey`
 * @property {string} payload  the record, as the JSON text that came, or its `payloadField`: a text without its
 *                             quotes, anything else as JSON with all its digits; "" if there is none, or nothing came
 * @property {string} offset   where it stands in the server's log; "" if nothing came, or with a plain Feathers server
 * @property {boolean} missed  events may have been missed while disconnected: read the data again. Where an event came
 *                            at the same time, it is told too
 */
