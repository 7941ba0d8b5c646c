/**
 * The boundary between the core and JavaScript, seen from here: what exports.cpp imports, and how text and calls cross.
 *
 * The core is entered by one call at a time: what it asks for during a call is queued, and done after the call has
 * returned. So neither a socket nor a widget can re-enter it.
 */

/**
 * @param {object[]} sinks  by hub: who does what the core asks for
 * @param {(note: number, detail: string) => void} log
 */
export function createBoundary(sinks, log) {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const effects = [];
  let core = null;
  let busy = false;

  const text = (pointer, length) => decoder.decode(new Uint8Array(core.memory.buffer, pointer, length));
  /** As UTF-8, at a place in the core's memory. */
  const write = (value, pointer) => {
    const bytes = encoder.encode(value);
    new Uint8Array(core.memory.buffer, pointer, bytes.length).set(bytes);
    return bytes.length;
  };
  const later = (effect) => void effects.push(effect);

  const imports = {
    open_socket: (hub) => later(() => sinks[hub].openSocket()),
    close_socket: (hub) => later(() => sinks[hub].closeSocket()),
    send_text(hub, pointer, length) {
      const packet = text(pointer, length);
      later(() => sinks[hub].send(packet));
    },
    show_status(hub, state, cause, pointer, length) {
      const detail = text(pointer, length);
      later(() => sinks[hub].report(state, cause, detail));
    },
    run_action(hub, run, action, missed, name, nameLength, key, keyLength, payload, payloadLength, offset, offsetLength) {
      const event = {
        event: text(name, nameLength),
        key: text(key, keyLength),
        payload: text(payload, payloadLength),
        offset: text(offset, offsetLength),
        missed: missed !== 0,
      };
      later(() => sinks[hub].run(run, action, event));
    },
    log_note(note, pointer, length) {
      const detail = text(pointer, length);
      later(() => log(note, detail));
    },
    is_json(pointer, length) {
      try {
        JSON.parse(text(pointer, length));
        return 1;
      } catch (error) {
        return 0;
      }
    },
    unescape: (pointer, length, out) => write(JSON.parse('"' + text(pointer, length) + '"'), out),
    random_fraction: Math.random,
  };

  return {
    imports,
    connect(exports) {
      core = exports;
    },

    /** Hands text to the core's input. Returns its bytes, or -1 where it is more than the core takes in. */
    put(value) {
      const bytes = encoder.encode(value);
      const pointer = core.input(bytes.length);
      if (!pointer) return -1;
      new Uint8Array(core.memory.buffer, pointer, bytes.length).set(bytes);
      return bytes.length;
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
