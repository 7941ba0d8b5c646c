/**
 * Starts the core, and is the one way in and out of it.
 *
 * The core is entered by one call at a time: what it asks for during a call (send, run, …) is queued, and done after
 * the call has returned. So neither a socket nor a widget can re-enter it.
 */
import { debugEnabled } from "./debug.js";
import { notes } from "./words.js";

/** Where the core's memory is not enough for what came: the socket is closed with this code. See core/connection.hpp */
export const CLOSED = { OVERSIZED: -1, INSECURE: -2, POLICY: -3, URL: -4 };

/**
 * @param {import("./bridge.js").HubOptions} options
 * @returns what hubs use: `enter`, `put`, `sinks` (a hub's callbacks by its id) and `onFailure`
 */
export function startCore(options) {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const sinks = [];
  const effects = [];
  const failureListeners = [];
  const now = steadyClock();
  let waiting = [];
  let exports = null;
  let failure = "";
  let flushing = false;
  let timer = 0;
  let timerDue = Infinity;

  const text = (pointer, length) => decoder.decode(new Uint8Array(exports.memory.buffer, pointer, length));
  const after = (effect) => effects.push(effect);
  const imports = {
    open_socket: (hub) => after(() => sinks[hub].openSocket()),
    close_socket: (hub) => after(() => sinks[hub].closeSocket()),
    send_text(hub, pointer, length) {
      const packet = text(pointer, length);
      after(() => sinks[hub].send(packet));
    },
    show_status(hub, state, cause, pointer, length) {
      const detail = text(pointer, length);
      after(() => sinks[hub].status(state, cause, detail));
    },
    run_action(hub, run, action, missed, event, eventLength, key, keyLength, payload, payloadLength, offset, offsetLength) {
      const what = {
        event: text(event, eventLength),
        key: text(key, keyLength),
        payload: text(payload, payloadLength),
        offset: text(offset, offsetLength),
        missed: missed !== 0,
      };
      after(() => sinks[hub].run(run, action, what));
    },
    log_note(hub, note, pointer, length) {
      const detail = text(pointer, length);
      after(() => console.log("flowcast:" + notes[note][0], notes[note][1], detail));
    },
    random_fraction: Math.random,
  };

  function fail(error) {
    failure = String((error && error.message) || error);
    exports = null;
    waiting = [];
    effects.length = 0;
    clearTimeout(timer);
    console.error("flowcast: the core stopped:", error);
    failureListeners.splice(0).forEach((tell) => tell(failure));
  }

  function flush() {
    if (flushing) return;
    flushing = true;
    while (effects.length) {
      const effect = effects.shift();
      try {
        effect();
      } catch (error) {
        console.error("flowcast:", error); // a widget's callback threw: the others still run
      }
    }
    flushing = false;
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
    flush();
  }

  /** Hands text to the core's input buffer. Returns its bytes, or -1 where it is more than the core takes in. */
  function put(value) {
    const bytes = encoder.encode(value);
    const pointer = exports.input(bytes.length);
    if (!pointer) return -1;
    new Uint8Array(exports.memory.buffer, pointer, bytes.length).set(bytes);
    return bytes.length;
  }

  instantiate(options, imports)
    .then((started) => {
      exports = started;
      exports.set_debug(debugEnabled("flowcast") ? 1 : 0);
      const calls = waiting;
      waiting = [];
      calls.forEach(enter);
    })
    .catch(fail);

  return {
    enter,
    put,
    sinks,
    onFailure(tell) {
      if (failure) tell(failure);
      else failureListeners.push(tell);
    },
  };
}

/** The module as wasm; where the page's policy forbids that, or the browser has none, the same as JavaScript. */
async function instantiate(options, imports) {
  let exports;
  try {
    exports = (await WebAssembly.instantiate(await options.wasm(), { env: imports })).instance.exports;
  } catch (error) {
    if (!options.loadFallback) throw error;
    const fallback = await options.loadFallback();
    exports = fallback.instantiate({ env: imports });
  }
  exports._initialize();
  return exports;
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
