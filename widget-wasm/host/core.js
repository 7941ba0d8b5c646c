/** Starts the page's one core, and drives it: calls, time, and its end. */
import { createBoundary } from "../imports.js";
import { debugEnabled } from "./debug.js";
import { CORE, FAILED } from "./words.js";

/** What a hub is asked to show: exports.cpp. */
const REPORT = 3;

/**
 * @param {import("./bridge.js").HubOptions} options
 * @returns what hubs use: `add`, `enter`, `put`, and when it `started`
 */
export function startCore(options) {
  const hubs = [];
  const boundary = createBoundary(hubs);
  const now = steadyClock();
  let waiting = [];
  let exports;
  let failure;
  let timer;
  let timerDue;

  /** Calls into the core, as soon as it is there; then does what it asked for. */
  function enter(call) {
    if (failure) return;
    if (waiting) {
      waiting.push(call);
      return;
    }
    try {
      call(exports, now());
      setTimer(exports.tick(now()));
    } catch (error) {
      fail(error);
    }
    boundary.flush();
  }

  function setTimer(delay) {
    const due = delay < 0 ? 0 : now() + delay;
    if (due === timerDue) return;
    clearTimeout(timer);
    timerDue = due;
    if (due) timer = setTimeout(fire, Math.min(delay, 0x7fffffff));
  }

  function fire() {
    timerDue = 0;
    enter(() => {});
  }

  /** A core that does not start, or that trapped, cannot be used any more. */
  function fail(error) {
    failure = String(error);
    boundary.drop();
    clearTimeout(timer);
    hubs.forEach(tellFailure);
  }

  const tellFailure = (hub) => hub[REPORT](failure, FAILED, CORE);

  return {
    enter,
    put: boundary.put,

    /** Adds a hub: what the core asks of it, in the order of exports.cpp. Returns its id. */
    add(hub) {
      enter((core) => core.create_hub(debugEnabled("flowcast")));
      if (failure) tellFailure(hub);
      return hubs.push(hub) - 1;
    },

    started: instantiate(options, { env: boundary.imports }).then((instance) => {
      exports = instance;
      boundary.connect(exports);
      const calls = waiting;
      waiting = null;
      calls.forEach(enter);
    }, fail),
  };
}

/**
 * As wasm; where the page's policy forbids that, or the browser has none, the same as JavaScript. Compiled at once, which
 * takes a millisecond: in turns of its own it would wait for all else that a starting page does.
 */
async function instantiate(options, imports) {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(await options.wasm()), imports).exports;
  } catch (error) {
    if (!options.loadFallback) throw error;
    return (await options.loadFallback()).instantiate(imports);
  }
}

/**
 * Milliseconds that count sleep, which `performance.now()` does not everywhere, and never run backwards, which
 * `Date.now()` does when the clock is set.
 */
function steadyClock() {
  let last = Date.now();
  let elapsed = 0;
  return () => {
    const present = Date.now();
    elapsed += Math.max(0, present - last);
    last = present;
    return elapsed;
  };
}
