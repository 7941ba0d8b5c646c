/** Starts the page's one core, and drives it: calls, time, and its end. */
import { createBoundary } from "../imports.js";
import { debugEnabled } from "./debug.js";
import { notes } from "./words.js";

/**
 * @param {import("./bridge.js").HubOptions} options
 * @returns what hubs use: `enter`, `put`, `sinks` (what the core calls, by hub), `onFailure`, and when it `started`
 */
export function startCore(options) {
  const sinks = [];
  const boundary = createBoundary(sinks, logNote);
  const now = steadyClock();
  const failureListeners = [];
  let waiting = [];
  let exports = null;
  let failure = "";
  let timer = 0;
  let timerDue = Infinity;

  /** Calls into the core, as soon as it is there; then does what it asked for. */
  function enter(call) {
    if (failure) return;
    if (!exports) {
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
    const due = delay < 0 ? Infinity : now() + delay;
    if (due === timerDue) return;
    clearTimeout(timer);
    timerDue = due;
    if (due < Infinity) timer = setTimeout(fire, Math.min(delay, 0x7fffffff));
  }

  function fire() {
    timerDue = Infinity;
    enter(() => {});
  }

  /** A core that does not start, or that trapped, cannot be used any more. */
  function fail(error) {
    failure = String((error && error.message) || error);
    waiting = [];
    boundary.drop();
    clearTimeout(timer);
    failureListeners.splice(0).forEach((tell) => tell(failure));
  }

  const started = instantiate(options, { env: boundary.imports }).then((instance) => {
    exports = instance;
    boundary.connect(exports);
    exports.set_debug(debugEnabled("flowcast") ? 1 : 0);
    const calls = waiting;
    waiting = [];
    calls.forEach(enter);
  }, fail);

  return {
    enter,
    put: boundary.put,
    sinks,
    started,
    onFailure(tell) {
      if (failure) tell(failure);
      else failureListeners.push(tell);
    },
  };
}

/** As wasm; where the page's policy forbids that, or the browser has none, the same as JavaScript. */
async function instantiate(options, imports) {
  try {
    return (await WebAssembly.instantiate(await options.wasm(), imports)).instance.exports;
  } catch (error) {
    if (!options.loadFallback) throw error;
    return (await options.loadFallback()).instantiate(imports);
  }
}

function logNote(note, detail) {
  console.log("flowcast:" + notes[note][0], notes[note][1], detail);
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
