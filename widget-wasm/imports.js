/**
 * The boundary between the core and JavaScript, seen from here: what exports.cpp imports, and how text and calls cross.
 *
 * The core is entered by one call at a time: what it asks for during a call is queued, and done after the call has
 * returned. So neither a socket nor a widget can re-enter it.
 */

/** @param {Function[][]} hubs  what the core asks of each, in the order of exports.cpp */
export function createBoundary(hubs) {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const effects = [];
  let core = null;
  let busy = false;

  const text = (pointer, length) => decoder.decode(new Uint8Array(core.memory.buffer, pointer, length));
  /** Hands text to the core as UTF-8: to its input, or where it says. Returns its bytes; -1: more than the input takes. */
  const put = (value, place) => {
    const bytes = encoder.encode(value);
    const pointer = place || core.input(bytes.length);
    if (!pointer) return -1;
    new Uint8Array(core.memory.buffer, pointer, bytes.length).set(bytes);
    return bytes.length;
  };

  const imports = {
    ask(hub, what, a, b, c, pointer, length) {
      const said = text(pointer, length);
      effects.push(() => hubs[hub][what](said, a, b, c));
    },
    is_json(pointer, length) {
      try {
        JSON.parse(text(pointer, length));
        return 1;
      } catch (error) {
        return 0;
      }
    },
    unescape: (pointer, length, out) => put(JSON.parse('"' + text(pointer, length) + '"'), out),
    random_fraction: Math.random,
  };

  return {
    imports,
    put,
    connect(exports) {
      core = exports;
    },

    /** Does what the core asked for, which may enter it again, until nothing is left. */
    flush() {
      if (busy) return;
      busy = true;
      while (effects.length) {
        const effect = effects.shift();
        try {
          effect();
        } catch (error) {
          console.error("Flowcast:", error); // a widget's callback threw: the others still run
        }
      }
      busy = false;
    },

    drop() {
      effects.length = 0;
    },
  };
}

/** Texts as one: lists cross as texts that each end in NUL, which is in no name and no key. */
export function joined(values) {
  return values.map((value) => String(value).replace(/\0/g, "") + "\0").join("");
}
