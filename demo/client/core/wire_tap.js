/**
 * Listens in on this window's socket to the Flowcast server, as a browser's developer tools do, and can cut it. The
 * widget knows nothing of it: it has to find out, and recover, by itself. Import this before a widget opens a socket.
 */
const Native = globalThis.WebSocket;
const asks = globalThis.fetch;

/** No message for this long after a freeze: what had waited has been handled. */
const QUIET = 25;

class WireTap extends EventTarget {
  /** Events that this window received: published records, recovered ones too. */
  delivered = 0;
  /** Whether this window may have a connection to the server, and whether it reaches the runtime. */
  isCut = false;
  isOffline = false;
  #sockets = new Set();
  #lostAt = null;

  watch(socket) {
    this.#sockets.add(socket);
    let openedAt = 0;
    let before = 0;
    socket.addEventListener("open", () => {
      openedAt = performance.now();
      before = this.delivered;
    });
    socket.addEventListener("message", ({ data }) => {
      if (typeof data !== "string") return;
      if (data.startsWith("42")) this.delivered += 1;
      // The answer to CONNECT follows what is replayed.
      if (data.startsWith("40")) this.#connected(data, openedAt, this.delivered - before);
    });
    socket.addEventListener("close", () => {
      this.#sockets.delete(socket);
      this.#lostAt ??= performance.now();
      this.dispatchEvent(new CustomEvent("lost"));
    });
    if (this.isCut) socket.close();
  }

  /** Closes the connection and lets none open until `mend()`; `offline` keeps calls of the runtime back, too. */
  cut({ offline = false } = {}) {
    this.isCut = true;
    this.isOffline = offline;
    for (const socket of this.#sockets) socket.close();
  }

  mend() {
    this.isCut = false;
    this.isOffline = false;
    // As a browser says when the network is back; the widget would try again by itself, a little later.
    dispatchEvent(new Event("online"));
  }

  /** Ends all connections without a word to the server, for good: what a window that crashes does. */
  crash() {
    this.isCut = true;
    for (const socket of this.#sockets) {
      socket.send = () => {};
      socket.close();
    }
  }

  /** Does nothing else for a while, as a tab that hangs: no script, no timer, no message. */
  freeze(ms) {
    const end = performance.now() + ms;
    while (performance.now() < end);
    const thawed = performance.now();
    const before = this.delivered;
    let last = thawed;
    let seen = before;
    const settle = setInterval(() => {
      const now = performance.now();
      if (this.delivered !== seen) {
        seen = this.delivered;
        last = now;
      } else if (now - last > QUIET) {
        clearInterval(settle);
        this.dispatchEvent(
          new CustomEvent("thawed", { detail: { away: ms, events: seen - before, took: last - thawed } }),
        );
      }
    }, 5);
  }

  /** `fetch`, where this window is not offline. */
  fetch(...what) {
    return this.isOffline ? Promise.reject(new TypeError("This window is offline")) : asks.call(globalThis, ...what);
  }

  #connected(packet, openedAt, events) {
    if (this.#lostAt === null) return;
    const now = performance.now();
    const detail = { away: now - this.#lostAt, events, took: now - openedAt, recovered: true };
    try {
      detail.recovered = JSON.parse(packet.slice(2)).recovered !== false;
    } catch {
      // A server that says nothing of recovery.
    }
    this.#lostAt = null;
    this.dispatchEvent(new CustomEvent("back", { detail }));
  }
}

export const wire = new WireTap();

if (Native) {
  globalThis.WebSocket = class extends Native {
    constructor(...where) {
      super(...where);
      wire.watch(this);
    }
  };
}
